import { plainLines } from "@guise/contract";

const MOST = 600;
/** What a terminal is told to do: settings, titles, colors, places. The text is what stands between. */
const ORDERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]P^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

/** The end of what a program wrote, to its terminal or not, as plain lines for a person to read. */
export function lastWords(written: string): string {
  const text = plainLines(
    written
      .slice(-16 * MOST)
      .replace(ORDERS, "")
      .replaceAll("\r", ""),
    16 * MOST,
  ).trim();
  return text.length <= MOST ? text : `…${text.slice(-MOST)}`;
}

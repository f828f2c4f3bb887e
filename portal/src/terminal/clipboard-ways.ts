import { CLOSED_WAYS, type TransferWay } from "@guise/contract";

/** The clipboard's ways that the persona keeps closed. */
export type ClosedClipboard = ReadonlySet<TransferWay>;

interface ClipboardParts {
  readonly place: HTMLElement;
  readonly closed: ClosedClipboard;
  /** Nothing was copied, or pasted: why. */
  readonly refused: (why: string) => void;
}

/** Holds what the browser itself copies and pastes in a terminal to the persona's limits, by whatever key, menu or button of a mouse. */
export function keepClipboard({ place, closed, refused }: ClipboardParts): void {
  const stop = (way: "clipboard_in" | "clipboard_out") => (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    refused(closedText(way));
  };
  if (closed.has("clipboard_in")) place.addEventListener("paste", stop("clipboard_in"), { capture: true });
  if (!closed.has("clipboard_out")) return;
  for (const kind of ["copy", "cut", "dragstart"]) place.addEventListener(kind, stop("clipboard_out"), { capture: true });
  // On Linux what is marked in a field can be pasted elsewhere by the middle button, and xterm marks there what is marked in the terminal.
  const field = place.querySelector("textarea");
  if (field !== null) field.select = () => {};
}

export function closedText(way: "clipboard_in" | "clipboard_out"): string {
  return `Its persona ${CLOSED_WAYS[way]}.`;
}

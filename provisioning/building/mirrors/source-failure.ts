import { ProvisioningError } from "#provisioning";
import type { OpenSource } from "./open-source.ts";

/** What the managers say, each in its own words, of a place that does not give what it should. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /\b40[13]\b|Unauthorized|Forbidden|does not let Guise in/,
    "does not let Guise in: an operator gives what opens it by guise admin packages source set",
  ],
  [
    /NO_PUBKEY|not signed|signatures? (?:were|was|is|could)|BADSIG|EXPKEYSIG/,
    "is signed by another key than the one that was given for it",
  ],
  [/\b404\b|does not have a Release file|Not Found/, "has no such suite or component"],
  [/certificate/i, "shows a certificate that this installation does not trust; `authorities` names a company's own"],
];

/**
 * The package source that a manager complains of, and why, in one sentence; undefined where it complains of none.
 * `image_build_failed` is what only an operator mends: to ask again and again with a login that does not hold would lock it. The rest is
 * `mirror_unreachable`.
 */
export function sourceFailure(words: string, sources: readonly OpenSource[]): ProvisioningError | undefined {
  const found = sources.find(
    ({ source }) => words.includes(source.url.replace(/\/$/, "")) || words.includes(`package source ${source.source} `),
  );
  if (found === undefined) return undefined;
  const reason = REASONS.find(([pattern]) => pattern.test(words))?.[1];
  const message = `the package source ${found.source.source} (${found.source.url}) ${reason ?? `does not give what was asked for: ${words}`}`;
  return new ProvisioningError(reason === undefined ? "mirror_unreachable" : "image_build_failed", message);
}

import { transferWays } from "@guise/contract";
import { fault, quoted } from "#applications";
import { meant } from "./check-applications.ts";
import { type Check, items, present } from "./checking.ts";

/** A page of an application's own gives files out, and takes them in, as it likes: where that is limited there is none. */
export const checkTransfer: Check = (draft, { catalog }) => {
  const { clipboard, file_transfer } = draft.access_controls ?? {};
  if (transferWays({ clipboard, file_transfer }).streams) return [];
  const closed = (at: readonly (string | number)[], name: string) =>
    fault(
      at,
      "not_supported_here",
      `${quoted(name)} is a web application, whose pages no limit of clipboard or file_transfer holds; leave out one or the other`,
    );
  return [
    ...items(draft.required_applications).flatMap(([index, text]) =>
      meant(text, catalog)?.entry?.kind === "web" ? [closed(["required_applications", index], text)] : [],
    ),
    ...present(draft.applications).flatMap(([id, { kind }]) => (kind === "web" ? [closed(["applications", id, "kind"], id)] : [])),
  ];
};

import type { ApplicationKindFacts } from "./application-kind.ts";
import { command } from "./command.ts";
import { desktop } from "./desktop.ts";
import { terminal } from "./terminal.ts";
import { web } from "./web.ts";

export type { ApplicationKindFacts } from "./application-kind.ts";

/** How applications are launched; adding a kind is adding its file and its name. */
export const APPLICATION_KINDS = ["terminal", "web", "desktop", "command"] as const;
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];

export const KINDS: Readonly<Record<ApplicationKind, ApplicationKindFacts>> = { terminal, web, desktop, command };

/** What is known of a kind as it is stored or sent; one of a newer Guise is taken for a command, which nothing is done with unasked. */
export function kindFacts(kind: string): ApplicationKindFacts {
  return (Object.hasOwn(KINDS, kind) ? KINDS[kind as ApplicationKind] : undefined) ?? command;
}

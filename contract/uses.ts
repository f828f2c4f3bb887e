/**
 * What counts as use of a workspace, each with the words that stand behind "last used 3 min ago:". What was sent or shown is never
 * looked at; that a page asks again and again for what it asked for before is no use.
 */
export const USES = {
  input: "something was typed or sent into it",
  output: "its output was seen by somebody attached",
  command: "a command ran that somebody waited for",
  transfer: "files were moved",
  web: "somebody acted in a web application",
  launch: "an application began or ended",
  busy: "an application said that it works",
  cpu: "its programs computed",
  kept: "its person wished to keep it",
  ready: "it became ready, or Guise was started",
} as const;
export type Use = keyof typeof USES;
export const USE_NAMES = Object.keys(USES) as readonly Use[];

/** Exit codes of the `guise` command; documented and stable. A command run inside passes its own code through. */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  not_permitted: 3,
  not_found: 4,
  insufficient_resources: 5,
  invalid_persona: 6,
  unreachable: 7,
  partly: 8,
  interrupted: 130,
} as const;
export type ExitCodeName = keyof typeof EXIT_CODES;

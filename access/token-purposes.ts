/** One key, `typ` and audience per purpose, so that a token of one purpose is worthless for another. */
export const TOKEN_PURPOSES = {
  access: { typ: "at+jwt", audience: "guise-api", seconds: 600, meaning: "Requests to the broker." },
} as const satisfies Readonly<Record<string, TokenPurposeEntry>>;

interface TokenPurposeEntry {
  readonly typ: string;
  readonly audience: string;
  /** How long a token lives. */
  readonly seconds: number;
  readonly meaning: string;
}

export type TokenPurpose = keyof typeof TOKEN_PURPOSES;
export const TOKEN_PURPOSE_NAMES = Object.keys(TOKEN_PURPOSES) as TokenPurpose[];

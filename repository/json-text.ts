/** JSON is kept as text: every back end stores it alike, and nothing is asked of it inside the database. */
export function toText(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** The reader names the type that was written; only this folder writes. */
export function fromText<T>(text: string): T {
  return JSON.parse(text) as T;
}

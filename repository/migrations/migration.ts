/** One step of the schema. A migration that was ever released is never edited: a later one corrects it. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** True when a Guise that does not know this migration could read or write wrongly: it then refuses to open. */
  readonly breaking: boolean;
  /** For every back end. */
  readonly statements: readonly string[];
  /** What SQL says differently from one back end to the next: triggers. */
  readonly sqlite: readonly string[];
}

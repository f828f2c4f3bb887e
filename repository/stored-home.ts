/** A home: the files of a workspace that persist. A kept one outlives it, for the same person, persona, environment and name. */
export interface HomeRow {
  readonly home: string;
  readonly owner: string;
  /** The group that is charged. */
  readonly group: string;
  readonly persona: string;
  readonly environment: string;
  readonly name: string;
  /** It outlives its workspace. */
  readonly keep: boolean;
  /** Who has it; undefined: kept, and nobody's at present. */
  readonly workspace: string | undefined;
  /** Where it lies, once a workspace has let it go. */
  readonly node: string | undefined;
  /** Storage that is charged under the home's own name, beside what its workspace holds. 0 until it was first let go. */
  readonly bytes: number;
  /** It is to be deleted; nobody gets it any more. */
  readonly doomed: boolean;
  readonly createdAt: number;
  /** When a workspace last let it go. */
  readonly usedAt: number;
}

export interface HomeFilter {
  readonly owner?: string;
  /** Only those that no workspace has. */
  readonly idle?: boolean;
  /** Only those that are charged under their own names. */
  readonly charged?: boolean;
  readonly doomed?: boolean;
  /** Only those of them that there are. */
  readonly homes?: readonly string[];
}

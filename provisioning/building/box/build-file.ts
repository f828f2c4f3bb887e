/** A file of the build folder, by its name there. */
export interface BuildFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

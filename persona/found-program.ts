import type { ApplicationKind } from "@guise/contract";

/** A program that the image of a version was found to contain. */
export interface FoundProgram {
  /** Name of the executable or of the desktop entry. */
  readonly name: string;
  readonly title: string;
  readonly kind: ApplicationKind;
  readonly command: readonly string[];
  /** The package that brought it, as `manager:package`. */
  readonly broughtBy: string;
}

/** The programs in what is stored of a version's image; none before it is built. */
export function programsIn(image: Readonly<Record<string, unknown>> | undefined): readonly FoundProgram[] {
  return Array.isArray(image?.launchables) ? (image.launchables as FoundProgram[]) : [];
}

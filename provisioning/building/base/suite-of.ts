import { BASES } from "@guise/contract";
import type { ImagePlan } from "#provisioning";

/** Whose packages an image stands on; undefined: those of the site's own choice. */
export function suiteOf({ base }: Pick<ImagePlan, "base">): string | undefined {
  return base === undefined ? undefined : BASES[base].suite;
}

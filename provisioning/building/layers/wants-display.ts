import { type ImageLayer, ProvisioningError } from "#provisioning";
import type { ImageContents } from "../contents/image-contents.ts";
import { SHOWN_BY } from "../managers/display.ts";
import { offeredPrograms } from "../trial/offered-programs.ts";
import { isOutside } from "./layer-chain.ts";

/** What packages outside the catalog offer has windows, and nothing in the image shows them: known only when the packages are there. */
export function requireDisplay({ launchables, contents }: ImageContents, asked: readonly ImageLayer[]): void {
  const isShown = SHOWN_BY.every((name) => contents.some((one) => one.manager === "apt" && one.name === name));
  const outside = new Set(asked.filter(isOutside).flatMap(({ manager, packages }) => packages.map((argument) => `${manager}:${argument}`)));
  const offered = offeredPrograms(launchables).filter(({ broughtBy }) => outside.has(broughtBy));
  if (isShown || !offered.some(({ kind }) => kind === "desktop")) return;
  throw new ProvisioningError("image_build_failed", "what it offers has windows, and nothing in it shows them", {
    detail: { wantsDisplay: true },
  });
}

export function wantsDisplay(error: unknown): boolean {
  return error instanceof ProvisioningError && error.code === "image_build_failed" && error.detail.wantsDisplay === true;
}

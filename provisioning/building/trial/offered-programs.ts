import { offeredOf } from "@guise/contract";
import type { FoundLaunchable, ImageLayer } from "#provisioning";
import { packageName } from "../managers/index.ts";
import type { Language } from "./modules-script.ts";
import { isCalled } from "./what-counts.ts";

/** A package of a language that somebody named. */
export interface NamedPackage {
  readonly language: Language;
  readonly name: string;
  /** As `manager:package`. */
  readonly broughtBy: string;
}

/** What is on buttons and in lists; and a package's program of its name, where the catalog has it for its own. */
export function offeredPrograms(launchables: readonly FoundLaunchable[]): readonly FoundLaunchable[] {
  const own = launchables.filter(({ name, broughtBy }) => isCalled(name, bareName(broughtBy)));
  return [...new Set([...offeredOf(launchables), ...own])].filter(({ command }) => command.length > 0);
}

/** "csvkit" of "pip:csvkit[all]>=2". */
export function bareName(broughtBy: string): string {
  const colon = broughtBy.indexOf(":");
  const manager = broughtBy.slice(0, colon) as ImageLayer["manager"];
  return packageName(manager, broughtBy.slice(colon + 1));
}

const LANGUAGES: Partial<Record<ImageLayer["manager"], Language>> = { pip: "python", npm: "node" };

/** Packages that are there to be imported. */
export function namedPackages(asked: readonly ImageLayer[]): readonly NamedPackage[] {
  return asked.flatMap(({ manager, packages }) => {
    const language = LANGUAGES[manager];
    if (language === undefined) return [];
    return packages.map((argument) => ({ language, name: packageName(manager, argument), broughtBy: `${manager}:${argument}` }));
  });
}

import type { Log } from "#foundation";
import type { FoundLaunchable, ImageLayer } from "#provisioning";
import type { BuildBox } from "../build-box.ts";
import type { ImageContents, KeptContents } from "../contents/image-contents.ts";
import { allThatLacks, type Holed } from "./all-that-lacks.ts";
import { type Found, findInImage, type Lacking, type Module } from "./find-in-image.ts";
import { bareName, type NamedPackage, namedPackages, offeredPrograms } from "./offered-programs.ts";
import { type NoGood, startAndImport, type ToTry } from "./start-and-import.ts";
import { type Failed, trialFault } from "./trial-fault.ts";
import { modulesToTry, type TriedPackage, type TriedProgram, whatCounts } from "./what-counts.ts";
import type { WhyNot } from "./why-not.ts";

export interface ImageTrial extends ImageContents {
  /** The plan's layers: which packages somebody named. */
  readonly asked: readonly ImageLayer[];
  /** What was found of another image, all of which is in this one: what worked there is not tried again. */
  readonly before?: KeptContents | undefined;
  readonly log: Log;
}

/** What is to be tried of an image. */
interface Offer {
  /** Packages of which something worked before, each as `manager:argument`. */
  readonly known: ReadonlySet<string>;
  readonly offered: readonly FoundLaunchable[];
  readonly named: readonly NamedPackage[];
  readonly found: Found;
}

/**
 * What an image offers is started once, and what somebody named is imported, in a box that reaches nothing and is thrown away: packages' own
 * code runs there. Resolves to what is left of the offer: of a package that works, a program that lacks something is not offered. Rejects
 * `image_build_failed` with what is no good, the reason, and what helps. It shows that programs work, and is no shield against who made one:
 * that can always be made to look well.
 */
export async function tryImage(box: BuildBox, trial: ImageTrial, signal: AbortSignal): Promise<ImageContents> {
  const { asked, launchables, contents, before, log } = trial;
  const isNew = newTo(before);
  const fresh = launchables.filter(isNew);
  const programs = [...new Set(fresh.map(({ command }) => command[0] ?? "").filter((path) => path.startsWith("/")))];
  const offered = offeredPrograms(launchables).filter(isNew);
  const named = namedPackages(asked).filter(({ broughtBy }) => before?.tried?.includes(broughtBy) !== true);
  const found = await findInImage(box, { programs, offered: offered.map(({ command }) => command[0] ?? ""), named, signal });
  const known = new Set([...(before?.tried ?? []), ...(before?.launchables ?? []).map(({ broughtBy }) => broughtBy)]);
  const offer = { known, offered, named, found };
  const toTry = toTryOf(offer);
  const begun = performance.now();
  const whatMatters = (noGood: NoGood) => countedPaths(offer, noGood);
  const noGood = await startAndImport(box, { ...toTry, whatMatters, log, signal });
  log.info(
    { programs: toTry.programs.size, modules: toTry.modules.size, ms: Math.round(performance.now() - begun) },
    "the image was tried",
  );
  const lacking = [...found.lacking, ...(await allThatLacks(box, holedOf(toTry, noGood), signal))];
  const failed = [...lacking.map(lackingLibrary), ...packagesOf(offer, noGood).flatMap(failedOf)];
  if (failed.length > 0) throw trialFault(failed);
  const lacks = new Set(offered.filter((_, at) => isLack(noGood.programs.get(found.real[at] ?? ""))));
  return { contents, launchables: launchables.filter((one) => !lacks.has(one)) };
}

/** What a later trial needs to know of this one. */
export function triedOf(asked: readonly ImageLayer[]): string[] {
  return namedPackages(asked).map(({ broughtBy }) => broughtBy);
}

/** What was there and worked is not new. */
function newTo(before: ImageContents | undefined): (one: FoundLaunchable) => boolean {
  const key = ({ name, command, broughtBy }: FoundLaunchable) => JSON.stringify([name, command, broughtBy]);
  const known = new Set(before?.launchables.map(key));
  return (one) => !known.has(key(one));
}

/** Something is not there that it cannot do without; whatever else was wrong may have been what it was asked. */
function isLack(whyNot: WhyNot | undefined): boolean {
  return whyNot !== undefined && whyNot.kind !== "other";
}

/** Of the programs that fail the image, if they are no good however they are asked. */
function countedPaths(offer: Offer, noGood: NoGood): ReadonlySet<string> {
  return new Set(packagesOf(offer, noGood).flatMap((tried) => whatCounts(tried).programs.map(({ real = "" }) => real)));
}

function toTryOf({ offered, named, found }: Offer): ToTry {
  const programs = offered.flatMap((program, at) => {
    const path = found.real[at];
    return path === undefined ? [] : [[path, program] as const];
  });
  const modules = named.flatMap((one, at) => modulesToTry(one.name, found.modules[at] ?? []).map((module) => ({ ...one, module })));
  // Of several names of one file the first is started.
  return {
    programs: new Map(programs.toReversed()),
    modules: new Map([...modules, ...found.suspects].map((module) => [keyOf(module), module])),
  };
}

/** Whoever named them: what a package lacks of those that it needs, the package lacks. */
function holedOf({ modules }: ToTry, noGood: NoGood): Holed[] {
  return [...modules].flatMap(([key, { language, module }]) => {
    const why = noGood.modules.get(key);
    return why?.kind === "library" ? [{ language, module, library: why.name }] : [];
  });
}

/** `real`: the program's own file. */
type OfferedProgram = FoundLaunchable & TriedProgram & { readonly real: string | undefined };

function packagesOf({ known, offered, named, found }: Offer, noGood: NoGood): TriedPackage<OfferedProgram>[] {
  const names = new Set([...offered, ...named].map(({ broughtBy }) => broughtBy));
  return [...names].map((broughtBy) => {
    const programs = offered.map((program, at) => {
      const real = found.real[at];
      return { ...program, real, whyNot: noGood.programs.get(real ?? "") };
    });
    const at = named.findIndex((one) => one.broughtBy === broughtBy);
    const language = named[at]?.language;
    const name = bareName(broughtBy);
    const modules = language === undefined ? [] : modulesToTry(name, found.modules[at] ?? []);
    return {
      package: broughtBy,
      name,
      isKnown: known.has(broughtBy),
      programs: programs.filter((program) => program.broughtBy === broughtBy),
      modules: modules.map((module) => ({ name: module, whyNot: noGood.modules.get(keyOf({ language: language ?? "python", module })) })),
    };
  });
}

/** Libraries are told apart from that, with all that there are. */
function failedOf(tried: TriedPackage): Failed[] {
  const { programs, modules } = whatCounts(tried);
  const all = [
    ...programs.map((one) => ({ ...one, cannot: "start" as const })),
    ...modules.filter(({ whyNot }) => whyNot?.kind !== "library").map((one) => ({ ...one, cannot: "be imported" as const })),
  ];
  return all.flatMap(({ name, cannot, whyNot }) => (whyNot === undefined ? [] : [{ what: name, cannot, package: tried.package, whyNot }]));
}

function lackingLibrary({ what, library }: Lacking): Failed {
  return { what, cannot: "start", whyNot: { kind: "library", name: library } };
}

function keyOf({ language, module }: Module): string {
  return `${language} ${module}`;
}

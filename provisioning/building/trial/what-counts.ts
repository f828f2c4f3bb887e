import { bearsName } from "@guise/contract";
import type { WhyNot } from "./why-not.ts";

/** Something of a package that was tried. */
export interface Tried {
  readonly name: string;
  /** Undefined: it starts, or is imported, or nothing says that it cannot be. */
  readonly whyNot: WhyNot | undefined;
}

export interface TriedProgram extends Tried {
  /** A desktop entry has a title of its own. */
  readonly title: string;
}

/** What was tried of one package that somebody named. */
export interface TriedPackage<Program extends TriedProgram = TriedProgram> {
  /** As `manager:package`. */
  readonly package: string;
  /** Its bare name. */
  readonly name: string;
  /** Something of it worked where it was tried before, and is not tried again. */
  readonly isKnown?: boolean;
  readonly programs: readonly Program[];
  readonly modules: readonly Tried[];
}

/** What fails the build, of what cannot be started or imported. */
export interface Counted<Program extends TriedProgram = TriedProgram> {
  readonly programs: readonly Program[];
  readonly modules: readonly Tried[];
}

/**
 * A package is no good when what bears its name is none: its program, its module, its desktop entry. Beside that, packages bring what few need
 * and what needs more than they ask for ("blackd" of black wants aiohttp); it counts only where nothing of the package works.
 */
export function whatCounts<Program extends TriedProgram>({
  package: broughtBy,
  name,
  isKnown = false,
  programs,
  modules,
}: TriedPackage<Program>): Counted<Program> {
  const own = {
    programs: programs.filter((one) => one.title !== one.name || bearsName(one.name, broughtBy) || isCalled(one.name, name)),
    modules: modules.filter((one) => isCalled(one.name, name)),
  };
  const others = modules.filter((one) => !isAside(one.name));
  const works = isKnown || [...programs, ...others].some(({ whyNot }) => whyNot === undefined);
  const counted = {
    programs: works ? own.programs : programs,
    modules: works || own.modules.length > 0 ? own.modules : others,
  };
  const none = { programs: counted.programs.filter(isNone), modules: counted.modules.filter(isNone) };
  return none.programs.length === 0 ? none : { ...none, modules: none.modules.filter((one) => !wantsItself(one, name)) };
}

/** Modules of a package worth trying: those that bear its name, or else those that are not beside it. */
export function modulesToTry(name: string, modules: readonly string[]): readonly string[] {
  const own = modules.filter((module) => isCalled(module, name));
  return own.length > 0 ? own : modules.filter((module) => !isAside(module)).slice(0, MOST_MODULES);
}

/** Of a package without a module of its name. */
const MOST_MODULES = 5;

function isNone({ whyNot }: Tried): boolean {
  return whyNot !== undefined;
}

/** Some programs bring a module only while they run ("uwsgi", for uwsgidecorators): where one cannot start, that alone is what is wrong. */
function wantsItself({ whyNot }: Tried, name: string): boolean {
  return whyNot?.kind === "python_module" && isCalled(whyNot.name, name);
}

/** "dateutil" of python-dateutil, "yaml" of PyYAML, "google.protobuf" of protobuf; of npm's packages the name itself. */
export function isCalled(module: string, name: string): boolean {
  if (module.startsWith("_")) return false;
  const wanted = letters(name);
  const names = [letters(module), letters(module.slice(module.lastIndexOf(".") + 1))];
  return names.includes(wanted) || names.includes(wanted.replace(/^py(?:thon)?|py(?:thon)?$/, ""));
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[-_.]/g, "");
}

/** Parts of a package that are not for those who use it. */
function isAside(module: string): boolean {
  return /^(?:_|(?:tests?|testing|docs?|examples?|samples?|benchmarks?|scripts?|tools|setup|conftest|build|dist)(?:\.|$))/i.test(module);
}

/** What a program that was found in an image is told from others by. */
export interface OfferedProgram {
  /** Name of the executable or of the desktop entry. */
  readonly name: string;
  readonly title: string;
  /** The package that brought it, as `manager:package`. */
  readonly broughtBy: string;
}

/** Of a package none of whose programs bears its name so many are offered, and where it has more none: they are in the shell. */
const FEW = 3;
/** Words that a package's name has beside its program's. */
const BESIDE = new Set("bin cli client clients common core base tools utils nox gtk gtk3 gtk4 qt qt5 qt6 gui esr full server".split(" "));

/**
 * What stands on buttons and in lists: what somebody asked for, once each. A package offers its desktop entries and the programs that bear its
 * name; where there is none, its programs if they are few. All others are found by name, and in the shell.
 */
export function offeredOf<T extends OfferedProgram>(found: readonly T[]): readonly T[] {
  const packages = Map.groupBy(found, ({ broughtBy }) => broughtBy);
  const offered = [...packages].flatMap(([broughtBy, brought]) => {
    const own = brought.filter(({ name, title }) => title !== name || bearsName(name, broughtBy));
    return own.length > 0 || brought.length > FEW ? own : brought;
  });
  return [...new Map(offered.toReversed().map((program) => [program.name, program])).values()].toReversed();
}

/** Whether a program is called as the package that brought it: "R" of "apt:r-base". */
export function bearsName(program: string, broughtBy: string): boolean {
  const packageName = nameOf(broughtBy);
  return program === packageName || stemOf(program) === stemOf(packageName);
}

/** Of "postgresql-client-15" and "PostgreSQL" "postgresql", of "python3.11" "python". */
function stemOf(name: string): string {
  const words = name.toLowerCase().split(/[-_]/).map(withoutVersion);
  while (words.length > 1 && (words.at(-1) === "" || BESIDE.has(words.at(-1) ?? ""))) words.pop();
  return words.join("-");
}

function withoutVersion(word: string): string {
  let end = word.length;
  while (end > 0 && "0123456789.".includes(word[end - 1] ?? "")) end--;
  return word.slice(0, end);
}

/** "csvkit" of "pip:csvkit[all]>=2", "cli" of "npm:@scope/cli@2". */
function nameOf(broughtBy: string): string {
  const argument = broughtBy.slice(broughtBy.indexOf(":") + 1);
  const [name = ""] = (argument.startsWith("@") ? argument.slice(argument.indexOf("/") + 1) : argument).split(/[@[=<>~!]/);
  return name;
}

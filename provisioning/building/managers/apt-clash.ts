import { listed, plainText } from "@guise/contract";
import type { Unresolved } from "#provisioning";

/** One thing that apt says stands against an installation. */
interface Against {
  readonly name: string;
  readonly relation: "excludes" | "needs";
  readonly other: string;
}

const MOST = 50;
const RELATIONS: Readonly<Record<string, Against["relation"]>> = {
  Conflicts: "excludes",
  Breaks: "excludes",
  Depends: "needs",
  PreDepends: "needs",
};

/** Reads why apt cannot install packages together, from its lines "NAME : Conflicts: OTHER but …" and its list of what it would remove. */
export class AptClashReader {
  readonly #against: Against[] = [];
  readonly #removed = new Set<string>();
  #name = "";
  #isRemoving = false;

  push(whole: string): void {
    const line = plainText(whole.slice(0, 500), 500);
    const isRemoved = this.#isRemoving && whole.startsWith("  ");
    this.#isRemoving = isRemoved || line.startsWith("The following packages will be REMOVED:");
    if (isRemoved) for (const name of line.trim().split(" ").slice(0, MOST)) this.#removed.add(bare(name));
    const at = line.indexOf(" : ");
    const first = at < 0 ? "" : line.slice(0, at).trim();
    const [relation = "", other = ""] = (at < 0 ? line : line.slice(at + 3)).trim().split(" ");
    const known = relation.endsWith(":") ? RELATIONS[relation.slice(0, -1)] : undefined;
    if (known === undefined || this.#against.length === MOST) return;
    // A package's further reasons stand below its first, without its name.
    if (first !== "") this.#name = bare(first);
    if (this.#name !== "") this.#against.push({ name: this.#name, relation: known, other: bare(other) });
  }

  /** `packages`: the arguments that are installed together. Undefined where nothing was said. */
  told(packages: readonly string[]): Unresolved | undefined {
    const of = (names: readonly string[]) => packages.filter((argument) => names.includes(argument.split("=", 1)[0] ?? ""));
    const excluding = this.#against.filter(({ relation }) => relation === "excludes");
    const together = of(excluding.flatMap(({ name, other }) => [name, other]));
    const [first] = this.#against;
    if (together.length > 1) return clash(together, `${listed(together)} cannot be installed together; leave out all but one`);
    if (this.#removed.size > 0) {
      const gone = listed([...this.#removed].slice(0, 5));
      return clash(packages, `${listed(packages.slice(0, 5))} cannot be installed beside ${gone}; leave out what does not go with it`);
    }
    if (first === undefined) return undefined;
    const { name, relation, other } = excluding[0] ?? first;
    const what = `${name} cannot be installed: it ${relation} ${other}`;
    const help =
      relation === "needs"
        ? "which is not to be had with it here; name it without a version, or another one"
        : "which another package needs; leave it out";
    return clash(of([name]), `${what}, ${help}`);
  }
}

function clash(requirements: readonly string[], message: string): Unresolved {
  return { kind: "clash", manager: "apt", requirements, message };
}

/** Without the architecture. */
function bare(name: string): string {
  return name.split(/[:*]/, 1)[0] ?? "";
}

import { normalize } from "node:path/posix";
import {
  BASES,
  type BaseName,
  type ImportRow,
  type NodeMajor,
  type PackageManagerName,
  plainText,
  VARIABLE_PATTERN,
} from "@guise/contract";
import { type Catalog, PACKAGE_MANAGER_RULES } from "#applications";
import { variableFaults } from "../check-configuration.ts";
import { joinedArgument } from "./joined-argument.ts";
import { type CatalogPackages, catalogApplication, catalogPackages, meantPackage } from "./known-names.ts";

/** A list as somebody has it. `name`: its path from where the first one lies. */
export interface ListFile {
  readonly name: string;
  readonly content: string;
}

/** Where a line stands, and what it says; of a document, the line of the member. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly text: string;
}

const LONGEST_TEXT = 200;
const LONGEST_WHY = 500;
const LONGEST_VALUE = 2_000;
const MOST_VARIABLES = 200;
/** Rows that are told: a list that has more is nobody's. */
const MOST_ROWS = 5_000;

/** What can be chosen for the persona, and what the lists are read for. */
export interface ImportBases {
  readonly here: readonly BaseName[];
  /** What there is without a choice. */
  readonly standard: BaseName;
  readonly base: BaseName;
}

/** There is no room for another row. */
export class ListTooLong extends Error {}

interface HeldPackage {
  readonly manager: PackageManagerName;
  readonly name: string;
  readonly argument: string;
  readonly place: Place;
}

/** Where readers of lists lay down what they found: applications and variables of the persona, and a row for each line. */
export class ImportDesk {
  readonly rows: ImportRow[] = [];
  readonly variables: Record<string, string> = {};
  /** What a workspace is given, where the lists say it. */
  readonly resources: Partial<Record<"cpu" | "ram" | "storage", string>> = {};
  /** What the lists call the project. */
  name: string | undefined;
  readonly bases: ImportBases;
  /** What one of the lists wants the persona to stand on. */
  chosenBase: BaseName | undefined;
  readonly #catalog: CatalogPackages;
  #node: { readonly major: NodeMajor; readonly place: Place } | undefined;
  readonly #files: ReadonlyMap<string, ListFile>;
  readonly #opened = new Set<string>();
  readonly #absent = new Set<string>();
  /** In the order in which they were named first: ids of the catalog, and packages by `manager:name`. */
  readonly #held = new Map<string, HeldPackage | undefined>();

  constructor(catalog: Catalog, bases: ImportBases, files: readonly ListFile[]) {
    this.bases = bases;
    this.#catalog = catalogPackages(catalog);
    this.#files = new Map(files.map((file) => [normalize(file.name), file]));
  }

  /** As the persona names them. */
  get applications(): readonly string[] {
    return [...new Set([...this.#held].map(([key, held]) => (held === undefined ? key : this.#textOf(held))))];
  }

  /**
   * A file that another one names, once for each way to read it; "again" where it was read so already, undefined where it was not given, or where
   * no list may lead.
   */
  open(path: string, as: "list" | "limits" = "list"): ListFile | "again" | undefined {
    const name = normalize(path);
    if (path.includes("://") || name.startsWith("/") || name.startsWith("..")) return undefined;
    const file = this.#files.get(name);
    if (file === undefined) {
      this.#absent.add(name);
      return undefined;
    }
    if (this.#opened.has(`${as} ${name}`)) return "again";
    this.#opened.add(`${as} ${name}`);
    return file;
  }

  /** Files that others name and that were not given. */
  get absent(): readonly string[] {
    return [...this.#absent];
  }

  /** A package in its manager's own notation. `how`: what was changed to write it so. */
  package(place: Place, manager: PackageManagerName, argument: string, how?: string): void {
    const reading = PACKAGE_MANAGER_RULES[manager].read(argument);
    if (reading.package === undefined) {
      const { example } = PACKAGE_MANAGER_RULES[manager];
      return void this.refuse(place, `${reading.reason}: write it as ${example}`);
    }
    const meant = meantPackage(reading.package);
    if (meant !== undefined)
      return void this.package(place, manager, meant.argument, how === undefined ? meant.how : `${how}; ${meant.how}`);
    const { name } = reading.package;
    const key = `${manager}:${name}`;
    const before = this.#held.get(key);
    const both = before === undefined ? reading.package.argument : joinedArgument(manager, before.argument, reading.package.argument);
    if (both === undefined) {
      const line = before?.place.line === undefined ? "" : `:${before.place.line}`;
      return void this.refuse(
        place,
        `only one version can be there, and ${before?.place.file}${line} asks for ${before?.argument}: keep one line`,
      );
    }
    const held = { manager, name, argument: both, place: before?.place ?? place };
    this.#held.set(key, held);
    const together =
      before === undefined || before.argument === both
        ? []
        : [`joined with ${before.place.file}${before.place.line === undefined ? "" : `:${before.place.line}`}`];
    const text = this.#textOf(held);
    const changes = [...(how === undefined ? [] : [how]), ...together, ...(text.includes(":") ? [] : ["the catalog's application"])];
    this.#carried(place, text, [...new Set(changes)]);
  }

  /** An id of the catalog, or `manager:package`. */
  application(place: Place, application: string, how?: string): void {
    const [manager = "", argument] = application.split(":");
    if (argument !== undefined) return void this.package(place, manager as PackageManagerName, argument, how);
    this.#held.set(application, undefined);
    this.#carried(place, application, how === undefined ? [] : [how]);
  }

  /** A variable of the workspace; refused where a persona may not set it. */
  variable(place: Place, name: string, value: unknown): void {
    const isFull = Object.keys(this.variables).length >= MOST_VARIABLES;
    const reason =
      typeof value === "object"
        ? "is neither text nor number: write its value"
        : isFull
          ? `is one more than ${MOST_VARIABLES}: leave some out`
          : variableReason(name, String(value));
    if (reason !== undefined) return void this.refuse(place, reason);
    this.variables[name] = String(value);
    this.#row(place, { outcome: "carried", becomes: `variable ${name}` });
  }

  /** What a workspace is given, as a persona writes quantities. */
  resource(place: Place, dimension: "cpu" | "ram" | "storage", quantity: string): void {
    this.resources[dimension] = quantity;
    this.#row(place, { outcome: "carried", becomes: `${dimension} ${quantity}` });
  }

  /** The one Node of the persona. */
  node(place: Place, major: NodeMajor): void {
    const before = this.#node;
    if (before !== undefined && before.major !== major) {
      const line = before.place.line === undefined ? "" : `:${before.place.line}`;
      return void this.refuse(place, `only one Node can be there, and ${before.place.file}${line} asks for ${before.major}: keep one line`);
    }
    this.#node ??= { major, place };
    this.#row(place, { outcome: "carried", becomes: `Node ${major}` });
  }

  base(place: Place, base: BaseName): void {
    this.chosenBase ??= base;
    this.#row(place, { outcome: "carried", becomes: `base ${base}, which has Python ${BASES[base].python}` });
  }

  get runtimes(): { readonly node: NodeMajor } | undefined {
    return this.#node === undefined ? undefined : { node: this.#node.major };
  }

  /** There already, in every workspace or by another line. */
  has(place: Place, why: string): void {
    this.#row(place, { outcome: "changed", why });
  }

  refuse(place: Place, why: string): void {
    this.#row(place, { outcome: "not_carried", why });
  }

  /** An application of the catalog brings its settings, and can be launched. */
  #textOf(held: HeldPackage): string {
    return catalogApplication(this.#catalog, held) ?? `${held.manager}:${held.argument}`;
  }

  #carried(place: Place, becomes: string, changes: readonly string[]): void {
    this.#row(place, changes.length === 0 ? { outcome: "carried", becomes } : { outcome: "changed", becomes, why: changes.join("; ") });
  }

  #row({ file, line, text }: Place, rest: Pick<ImportRow, "outcome" | "becomes" | "why">): void {
    if (this.rows.length >= MOST_ROWS) throw new ListTooLong(`has more than ${MOST_ROWS} lines`);
    const short = plainText(text.slice(0, 2 * LONGEST_TEXT), LONGEST_TEXT);
    const why = rest.why === undefined ? {} : { why: plainText(rest.why.slice(0, 2 * LONGEST_WHY), LONGEST_WHY) };
    this.rows.push({ file, line, ...rest, text: short, ...why });
  }
}

/** Why a persona may not set a variable. */
function variableReason(name: string, value: string): string | undefined {
  if (!VARIABLE_PATTERN.test(name) || name.length > 100) return "is no name of a variable: use letters, digits and _";
  if (value.length > LONGEST_VALUE) return `is longer than ${LONGEST_VALUE} characters`;
  if (/\$/.test(value)) return "names other variables, which have no value here: write its value";
  const [fault] = variableFaults(name, value);
  return fault === undefined ? undefined : `${fault.message}: leave it out`;
}

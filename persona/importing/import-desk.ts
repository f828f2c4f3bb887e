import { type ImportRow, type PackageManagerName, plainText } from "@guise/contract";
import { type Catalog, PACKAGE_MANAGER_RULES } from "#applications";

/** A list as somebody has it. `name`: its path from where the first one lies. */
export interface ListFile {
  readonly name: string;
  readonly content: string;
}

/** Where a line stands. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly text: string;
}

const LONGEST_TEXT = 200;
const LONGEST_WHY = 500;

/** Where readers of lists lay down what they found: applications and variables of the persona, and a row for each line. */
export class ImportDesk {
  readonly rows: ImportRow[] = [];
  readonly applications: string[] = [];
  readonly variables: Record<string, string> = {};
  /** What the lists call the project. */
  name: string | undefined;
  readonly #catalog: Catalog;
  readonly #files: ReadonlyMap<string, ListFile>;
  readonly #opened = new Set<string>();
  readonly #absent = new Set<string>();

  constructor(catalog: Catalog, files: readonly ListFile[]) {
    this.#catalog = catalog;
    this.#files = new Map(files.map((file) => [file.name, file]));
  }

  /** A file that another one names, once; "again" where it was read already, undefined where it was not given. */
  open(name: string): ListFile | "again" | undefined {
    const file = this.#files.get(name);
    if (file === undefined) {
      this.#absent.add(name);
      return undefined;
    }
    if (this.#opened.has(name)) return "again";
    this.#opened.add(name);
    return file;
  }

  /** Files that others name and that were not given. */
  get absent(): readonly string[] {
    return [...this.#absent];
  }

  /** A package in its manager's own notation. `how`: what was changed to write it so. */
  package(place: Place, manager: PackageManagerName, argument: string, how?: string): void {
    const reading = PACKAGE_MANAGER_RULES[manager].read(argument);
    if (reading.package === undefined) return void this.refuse(place, `${manager}:${argument} ${reading.reason}`);
    // An application of the catalog brings its settings, and can be launched; a version is the author's own choice.
    const bare = reading.package.argument === reading.package.name;
    const entry = bare ? this.#catalog.find(reading.package.name) : undefined;
    const inCatalog = entry !== undefined && Object.keys(entry.packages).includes(manager);
    this.application(place, inCatalog ? reading.package.name : `${manager}:${reading.package.argument}`, how);
  }

  application(place: Place, application: string, how?: string): void {
    if (!this.applications.includes(application)) this.applications.push(application);
    this.#row(place, { outcome: how === undefined ? "carried" : "changed", becomes: application, why: how });
  }

  variable(place: Place, name: string, value: string): void {
    this.variables[name] = value;
    this.#row(place, { outcome: "carried", becomes: `variable ${name}` });
  }

  /** There already, in every workspace or by another line. */
  has(place: Place, why: string): void {
    this.#row(place, { outcome: "changed", why });
  }

  refuse(place: Place, why: string): void {
    this.#row(place, { outcome: "not_carried", why });
  }

  #row({ file, line, text }: Place, rest: Pick<ImportRow, "outcome" | "becomes" | "why">): void {
    this.rows.push({
      file,
      line,
      ...rest,
      text: plainText(text, LONGEST_TEXT),
      ...(rest.why === undefined ? {} : { why: plainText(rest.why, LONGEST_WHY) }),
    });
  }
}

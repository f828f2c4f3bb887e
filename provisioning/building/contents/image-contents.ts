import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { PACKAGE_MANAGERS, plainText } from "@guise/contract";
import { z } from "zod";
import type { BuiltImage, FoundLaunchable } from "#provisioning";
import { readDesktopEntry } from "./desktop-entry.ts";

type Installed = BuiltImage["contents"][number];
type ManagerName = Installed["manager"];

export type ImageContents = Pick<BuiltImage, "launchables" | "contents">;

/** What is kept with a closed image. */
export interface KeptContents extends ImageContents {
  /** Digest of Guise's own files that it carries; undefined in images of earlier ones. */
  readonly closing?: string | undefined;
  /** The packages that were tried in it, each as `manager:argument`; undefined in images of earlier ones. */
  readonly tried?: readonly string[] | undefined;
  /** What others may grow from; undefined in images of earlier ones, and where another closed image is below it. */
  readonly grown?: Grown | undefined;
}

/** What an image is made of, part by part: an image with all parts of another one is that one and more. */
export interface Grown {
  /** What stands for each part, and for what all stand on. */
  readonly parts: readonly string[];
  /** How often layers were put on what another image stands on. */
  readonly growths: number;
}

const MOST = 20_000;
/** Characters of all that is kept: reading it again holds our thread for some 20 ms at most. */
const MOST_TEXT = 2 ** 21;
/** Bytes of it, unpacked. */
const MOST_UNPACKED = 2 ** 23;
/** Of one desktop entry, of the kinds that are asked for. */
const MOST_FIELDS = 64;

/** What is in an image, from what the managers' list scripts printed in it. All of it is a stranger's word: bounded and cleaned. */
export class ContentsReader {
  readonly #installed = new Map<string, Installed>();
  readonly #launchables = new Map<string, FoundLaunchable>();
  readonly #entered = new Set<FoundLaunchable>();
  #text = 0;
  #entry: { broughtBy: string; name: string; fields: string[] } | undefined;

  push(manager: ManagerName, line: string): void {
    const [kind, first = "", second = "", through = ""] = line.split("\t").map((field) => plainText(field, 300));
    if (kind !== "field") this.#endEntry();
    else if (this.#entry !== undefined && this.#entry.fields.length < MOST_FIELDS) this.#entry.fields.push(first);
    const full = this.#installed.size + this.#launchables.size >= MOST;
    if (full || first === "" || second === "" || this.#text > MOST_TEXT) return;
    this.#text += first.length + second.length;
    if (kind === "installed") this.#installed.set(`${manager} ${first} ${second}`, { manager, name: first, version: second });
    if ((kind === "program" || kind === "interactive") && isPartOf(first, through))
      this.#program(`${manager}:${first}`, second, kind === "program" ? "command" : "terminal");
    if (kind === "entry") this.#entry = { broughtBy: `${manager}:${first}`, name: baseName(second).replace(/\.desktop$/, ""), fields: [] };
  }

  /** A desktop entry stands for the program that it launches. */
  end(): ImageContents {
    this.#endEntry();
    const all = [...this.#launchables.values()];
    const entered = new Set([...this.#entered].map((found) => `${found.broughtBy} ${baseName(found.command[0] ?? "")}`));
    const launchables = all.filter((found) => this.#entered.has(found) || !entered.has(`${found.broughtBy} ${found.name}`));
    return { launchables, contents: [...this.#installed.values()] };
  }

  #program(broughtBy: string, path: string, kind: "command" | "terminal"): void {
    const name = baseName(path);
    const known = this.#launchables.get(`${broughtBy} ${name}`);
    // What a shell finds first is meant; two versions of a program lie beside each other.
    if (known !== undefined && (isInPath(known.command[0] ?? "") || !isInPath(path))) return;
    this.#launchables.set(`${broughtBy} ${name}`, { name, title: name, kind, command: [path], broughtBy });
  }

  #endEntry(): void {
    const entry = this.#entry;
    this.#entry = undefined;
    const read = entry === undefined ? undefined : readDesktopEntry(entry.fields);
    if (entry === undefined || read === undefined) return;
    const { broughtBy } = entry;
    const { title, command } = read;
    const name = nameOfEntry(entry.name, baseName(command[0] ?? ""));
    const found: FoundLaunchable = { name, title, command, broughtBy, kind: read.terminal ? "terminal" : "desktop" };
    this.#launchables.set(`${broughtBy} entry ${name}`, found);
    this.#entered.add(found);
  }
}

/** Whether programs of the package `through`, which the named one depends on, are its own: "postgresql-client" is "postgresql-client-15". */
export function isPartOf(named: string, through: string): boolean {
  if (through === "") return true;
  const words = (name: string) => name.split(/[-+]/).filter((word) => !NO_PART.test(word));
  const parts = words(through);
  return words(named.split("=", 1)[0] ?? "").every((word) => parts.includes(word));
}

/** Words of names that say nothing of what is in a package. */
const NO_PART = /^(?:default|meta|all|full|\d[\d.]*|)$/;

/** "org.gnome.gedit" is what its program is called: a person types it. */
function nameOfEntry(entry: string, program: string): string {
  if (!entry.includes(".")) return entry;
  return ["", "env", "sh", "bash", "python3"].includes(program) ? entry.slice(entry.lastIndexOf(".") + 1).toLowerCase() : program;
}

function isInPath(path: string): boolean {
  return /^\/(?:usr\/local\/bin|usr\/bin|bin|usr\/games)\/[^/]+$/.test(path) || /^\/opt\/guise\/python\/bin\/[^/]+$/.test(path);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

const storedSchema = z.object({
  closing: z.string().optional(),
  launchables: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      kind: z.enum(["terminal", "desktop", "command"]),
      command: z.array(z.string()),
      broughtBy: z.string(),
    }),
  ),
  contents: z.array(z.object({ manager: z.enum(PACKAGE_MANAGERS), name: z.string(), version: z.string() })),
  tried: z.array(z.string()).optional(),
  grown: z.object({ parts: z.array(z.string()), growths: z.number() }).optional(),
});

/** Short enough for an image's comment: 300 packages take 5 KB. */
export async function packContents(contents: KeptContents): Promise<string> {
  return `guise1.${(await promisify(deflateRaw)(JSON.stringify(contents), { level: 9 })).toString("base64url")}`;
}

export function isPacked(comment: string): boolean {
  return comment.startsWith("guise1.");
}

/** Undefined when the comment is not ours. */
export async function unpackContents(comment: string): Promise<KeptContents | undefined> {
  if (!isPacked(comment)) return undefined;
  try {
    const text = await promisify(inflateRaw)(Buffer.from(comment.slice(7), "base64url"), { maxOutputLength: MOST_UNPACKED });
    return storedSchema.parse(JSON.parse(text.toString("utf8")));
  } catch {
    return undefined;
  }
}

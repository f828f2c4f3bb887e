import { z } from "zod";
import { ProvisioningError } from "#provisioning";

/** A source archive of the index. */
export interface PythonSource {
  readonly url: string;
  /** SHA-256, as hex. */
  readonly sha256: string;
}

/** Where a wheel lies in its own layer. */
export const WHEEL_FOLDER = "/opt/guise/wheel";

const MOST_REQUIREMENTS = 2_000;
const NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?";
const CONDITIONS = "[<>=!~][<>=!~ A-Za-z0-9.*+,_-]{0,200}";
/** A name, extras, conditions and a marker: what comes from an address is none, for whoever resolves it would go there. */
const REQUIREMENT = new RegExp(
  String.raw`^${NAME} {0,9}(?:\[[A-Za-z0-9._, -]{0,200}\])? {0,9}(?:\(${CONDITIONS}\)|${CONDITIONS})? {0,9}(?:;[^@]{0,500})?$`,
);
const FILE = /^[A-Za-z0-9_.+!-]{1,250}\.whl$/;

/** Whether the text is a name of a registry with its conditions, and nothing else. */
export function isRequirement(text: string): boolean {
  return REQUIREMENT.test(text);
}

const wheelSchema = z.strictObject({
  name: z.string().max(100),
  version: z.string().max(100),
  /** Name of its file. */
  file: z.string().regex(FILE),
  bytes: z.number().int().nonnegative(),
  /** What it needs when it runs. */
  requires: z.array(z.string().max(1_000).regex(REQUIREMENT)).max(MOST_REQUIREMENTS),
  extras: z.array(z.string().max(100)).max(MOST_REQUIREMENTS),
  /** Which Pythons it is for; empty: all. */
  python: z.string().max(200),
});
export type WheelFacts = z.infer<typeof wheelSchema>;

/** A wheel that was built of a source, and kept as a layer that no sandbox is made of. */
export interface SourceWheel extends WheelFacts {
  readonly address: string;
}

/** What is kept with the wheel's layer. */
export function writeWheel(facts: WheelFacts): string {
  return JSON.stringify(facts);
}

/** Undefined for what is no such thing. */
export function readWheel(address: string, comment: string): SourceWheel | undefined {
  try {
    const read = wheelSchema.safeParse(JSON.parse(comment));
    return read.success ? { ...read.data, address } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what the describing script says of a wheel: by then the package's own code has run there, so all of it is a stranger's word. */
export class WheelReader {
  readonly #requires: string[] = [];
  readonly #extras: string[] = [];
  #file = "";
  #bytes = 0;
  #name = "";
  #python = "";

  /** Whether the line was one of the description. */
  push(line: string): boolean {
    const [kind, first = "", second = "", third = ""] = line.split("\t");
    if (kind === "wheel") [this.#file, this.#bytes, this.#name] = [first, Number(second), third];
    else if (kind === "python") this.#python = first;
    else if (kind === "requires" && this.#requires.length <= MOST_REQUIREMENTS) this.#requires.push(first);
    else if (kind === "extra" && this.#extras.length <= MOST_REQUIREMENTS) this.#extras.push(first);
    else return false;
    return true;
  }

  /** Rejects `image_build_failed` where it is not the wheel of `name`, or needs what no registry has. */
  end(name: string, version: string): WheelFacts {
    if (this.#name !== name) throw refused(`${name} ${version} built a wheel of another name: ${this.#name.slice(0, 80)}`);
    const odd = this.#requires.find((requirement) => !isRequirement(requirement));
    if (odd !== undefined) throw refused(`${name} ${version} needs what is not a name in a registry: ${odd.slice(0, 120)}`);
    const read = wheelSchema.safeParse({
      name,
      version,
      file: this.#file,
      bytes: this.#bytes,
      requires: this.#requires,
      extras: this.#extras,
      python: this.#python,
    });
    if (!read.success) throw refused(`${name} ${version} built what is no wheel`);
    return read.data;
  }
}

function refused(message: string): ProvisioningError {
  return new ProvisioningError("image_build_failed", message);
}

/** A JSON file of a simulated home, and the program that writes the personal layer there. */
export class PersonsFile {
  readonly planned: object;
  /** Undefined: it is not there. */
  content: string | undefined;
  readonly #path: string;
  readonly #written: string;

  constructor({ path, keys }: { readonly path: string; readonly keys: Readonly<Record<string, unknown>> }) {
    this.#path = path;
    this.#written = JSON.stringify(keys);
    this.planned = { path, content: this.#written, mode: 0o644, apply: "enforced", merge: { format: "json", keys } };
  }

  /** As `provisioning/inside/main/personal-layer` answers. */
  readonly program = (command: string, input: Buffer) => {
    if (!command.includes("personal-layer")) return undefined;
    const { kind, path, content } = firstRecord(input.toString());
    if (kind === "file") return this.#met();
    if (path !== this.#path) return { stdout: kind === "read" ? "content 0 absent\n" : "swapped 0 done\n" };
    if (kind === "read")
      return { stdout: `content 0 ${this.content === undefined ? "absent" : `644 ${Buffer.from(this.content).toString("hex")}`}\n` };
    return { stdout: `swapped 0 ${this.#swapped(content)}\n` };
  };

  #met() {
    if (this.content === undefined) this.content = this.#written;
    return this.content === this.#written ? undefined : { stderr: `met ${this.#path}\n` };
  }

  #swapped(content: string): string {
    const at = content.indexOf("\n") + 1;
    const before = Number(content.slice(0, at));
    if (content.slice(at, at + before) !== this.content) return "changed";
    this.content = content.slice(at + before);
    return "done";
  }
}

/** "KIND MODE APPLY PATH_BYTES CONTENT_BYTES\n" PATH CONTENT, of single-byte letters. */
function firstRecord(text: string): { readonly kind: string; readonly path: string; readonly content: string } {
  const [kind = "", , , bytes = ""] = text.split(" ", 4);
  const at = text.indexOf("\n") + 1 + Number(bytes);
  const length = Number(text.slice(0, text.indexOf("\n")).split(" ")[4]);
  return { kind, path: text.slice(text.indexOf("\n") + 1, at), content: text.slice(at, at + length) };
}

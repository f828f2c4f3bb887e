import type { BoxExec, BuildBox, BuildSite, HoldAlso, KeptLayer } from "./build-box.ts";
import type { HostMirrors } from "./mirrors/host-mirrors.ts";
import type { OpenMirrors } from "./mirrors/open-mirrors.ts";

/** Mirrors of nobody's. */
export const MIRRORS: HostMirrors = {
  suite: "x",
  apt: [],
  aptOptions: [],
  pipIndex: "http://pip.example/simple",
  npmRegistry: "http://npm.example",
  proxies: { http: undefined, https: undefined },
  authorities: "",
  sources: [],
  reach: ["http://192.0.2.7/"],
};
/** What a probe of them says while they answer. */
export const ANSWERS = "open 192.0.2.7 80";

/** What a script says, and its exit code. `script`: "examine", "probe", "find", "try", "lacking", "describe", else the last part of its path. */
type Words = (script: string, input: string) => { readonly says?: readonly string[]; readonly exit?: number } | undefined;

/** An engine that keeps what it is given, and whose boxes say what a test has them say. */
export class ScriptedSite implements BuildSite {
  readonly kept = new Map<string, KeptLayer>();
  readonly ran: string[] = [];
  readonly held: string[][] = [];
  /** References of what boxes were made of, and how many of them are open. */
  readonly parents: string[] = [];
  boxes = 0;
  words: Words = () => undefined;
  readonly #below = new Map<string, string>();
  async prepare() {}
  async requireDisk() {}
  async findBase() {
    return "base";
  }
  async ensureBase() {
    return "base";
  }
  async find(reference: string) {
    return this.kept.get(reference);
  }
  async closed() {
    return [...this.kept.values()].flatMap(({ comment, reference }) => {
      const standsOn = this.#below.get(reference)?.replace("r/", "");
      return comment === "" || standsOn === undefined ? [] : [{ comment, standsOn }];
    });
  }
  referenceOf(address: string) {
    return `r/${address}`;
  }
  async hold<T>(addresses: readonly string[], build: (also: HoldAlso) => Promise<T>) {
    const held = [...addresses];
    this.held.push(held);
    return build(async (more) => void held.push(...more));
  }
  async open(parent: string, _open?: OpenMirrors): Promise<BuildBox> {
    this.boxes++;
    this.parents.push(parent);
    return {
      exec: async (args, { input, onOutput }: BoxExec) => {
        let text = "";
        if (typeof input === "string") text = input;
        else for await (const bytes of input) text += String(bytes);
        const script = nameOf(args, text);
        this.ran.push(script);
        const { says = [], exit = 0 } = this.words(script, text) ?? {};
        onOutput("stdout", Buffer.from(says.map((line) => `${line}\n`).join("")));
        return exit;
      },
      pipe: async (args, into) => {
        this.ran.push("pipe");
        into.end(args.join(" "));
        return 0;
      },
      openMirrors: async () => {},
      closeMirrors: async () => {},
      store: async (address, comment) => {
        const reference = this.referenceOf(address);
        this.#below.set(reference, parent);
        this.kept.set(reference, { reference, bytes: (this.kept.get(parent)?.bytes ?? 0) + 1, comment });
      },
      remove: async () => {
        this.boxes--;
      },
    };
  }
}

function nameOf(args: readonly string[], input: string): string {
  if (input.includes("/ask-")) return "examine";
  if (input.includes("/dev/tcp/")) return "probe";
  if (input.includes("/offered <<")) return "find";
  if (input.includes("/trials <<")) return "try";
  if (input.includes("/holed <<")) return "lacking";
  if (input.includes("dist-info/METADATA")) return "describe";
  return args[0]?.split("/").at(-1) ?? "";
}

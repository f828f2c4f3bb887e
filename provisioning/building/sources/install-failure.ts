import { ProvisioningError } from "#provisioning";
import { failedFetching } from "../box/fetch-failure.ts";
import { FetchFailureReader } from "../fetching/why-not-fetched.ts";
import type { ChainLayer, LayerMaker } from "../layers/layer-chain.ts";
import { AptClashReader } from "../managers/apt-clash.ts";
import { FailureReader } from "./read-build-failure.ts";

/** What an npm package that has native parts says where nothing can be compiled. */
const WANTS_COMPILER =
  /gyp ERR!|node-gyp|Could not find any Python|\b(?:make|cc|gcc|g\+\+|c\+\+|cmake|pkg-config|python3?): (?:\d+: )?(?:command )?not found/;
const AT = /npm error path (\S{1,500})/;
const MOST_LINE = 1_000;

/** A layer's installation that failed for want of compilers: where there are some, it may be tried again. */
export function wantsCompiler(error: unknown): boolean {
  return error instanceof ProvisioningError && error.code === "image_build_failed" && error.detail.wantsCompiler === true;
}

/** Reads what an installation says while it runs; when it failed, the package and the reason in one sentence. */
export class InstallFailure {
  readonly #maker: LayerMaker;
  readonly #title: string;
  readonly #reader = new FailureReader();
  readonly #fetching = new FetchFailureReader();
  readonly #clash = new AptClashReader();
  readonly #packages: readonly string[];
  #wantsCompiler = false;
  #at: readonly string[] = [];

  /** `title`: what people call the layer. */
  constructor({ maker, packages }: Pick<ChainLayer, "maker" | "packages">, title: string) {
    this.#maker = maker;
    this.#packages = packages;
    this.#title = title;
  }

  /** Takes no line for itself. */
  push(whole: string): boolean {
    this.#fetching.push(whole);
    if (this.#maker === "apt") this.#clash.push(whole);
    if (this.#maker !== "npm") return false;
    const line = whole.slice(0, MOST_LINE);
    this.#wantsCompiler ||= WANTS_COMPILER.test(line);
    const path = AT.exec(line)?.[1];
    if (path !== undefined) this.#at = packagesOf(path);
    this.#reader.push(line.replace(/^npm error /, ""));
    return false;
  }

  /** The error that is told instead of the installer's own words. */
  told(error: unknown): unknown {
    const clash = this.#clash.told(this.#packages);
    // What stands against it is there whoever is asked, and asked again.
    if (clash !== undefined && error instanceof ProvisioningError && error.code === "image_build_failed")
      return new ProvisioningError("image_build_failed", clash.message, { cause: error, detail: { unresolved: clash } });
    if (failedFetching(error)) return this.#fetching.told(error, this.#title);
    const isInstall = error instanceof ProvisioningError && error.code === "image_build_failed" && error.detail.exit !== undefined;
    const [name, needer] = this.#at;
    if (!isInstall || name === undefined) return error;
    const whose = needer === undefined ? "" : `, which ${needer} needs,`;
    const message = `${name}${whose} could not be installed: ${this.#reader.reason(undefined, insteadOfBuilding(this.#at.at(-1) ?? name))}`;
    return new ProvisioningError("image_build_failed", message, {
      cause: error,
      detail: { package: name, wantsCompiler: this.#wantsCompiler },
    });
  }
}

/** What npm's packages do while they are installed, a workspace lets them do. `name`: of one that somebody named. */
function insteadOfBuilding(name: string): string {
  return `leave ${name} out, and type npm install ${name} in the workspace, with network rules that let it`;
}

/** "…/node_modules/vite/node_modules/esbuild": the innermost package first. */
function packagesOf(path: string): string[] {
  const [, ...parts] = path.split("/node_modules/");
  return parts.map((part) => /^(?:@[^/]+\/)?[^/]+/.exec(part)?.[0] ?? part).reverse();
}

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { AgentError, hasCode, type Workspace } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { copyOut, fetchFolder } from "../copy/copy-out.ts";
import { type Copying, copyingOf } from "../copy/copying.ts";
import type { LeftOut } from "../copy/left-out.ts";
import { UsageError } from "../usage-error.ts";
import { mayHoldWork } from "./may-hold-work.ts";

/** What the command leaves here comes back. */
export const OUT = "out";

export interface Fetching {
  readonly output: string;
  readonly limit: number;
}

/** The results of a command that runs in a workspace of its own: from its start until they are here, the only copy is inside. */
export class Results {
  readonly #app: App;
  readonly #fetching: Fetching;
  #areOnlyInside = false;
  #leftOut: readonly LeftOut[] = [];

  constructor(app: App, fetching: Fetching) {
    this.#app = app;
    this.#fetching = fetching;
  }

  get areOnlyInside(): boolean {
    return this.#areOnlyInside;
  }

  /** Before anything is asked for. Throws UsageError where nothing could be written. */
  async checkTarget(): Promise<void> {
    const { output } = this.#fetching;
    let place = resolve(this.#app.context.cwd, output);
    let facts = await stat(place).catch(() => undefined);
    while (facts === undefined && dirname(place) !== place) {
      place = dirname(place);
      facts = await stat(place).catch(() => undefined);
    }
    if (facts?.isDirectory() !== true)
      throw new UsageError(`${place} is no folder, so results could not go to ${output}`, "name another with -o");
    await access(place, constants.W_OK).catch(() => {
      throw new UsageError(`${place} may not be written by you, so results could not go to ${output}`, "name another with -o");
    });
  }

  /** The command may have left something from now on. */
  begin(): void {
    this.#areOnlyInside = true;
  }

  async fetch(workspace: Workspace): Promise<void> {
    const { output, limit } = this.#fetching;
    this.#leftOut = await untilInterrupted(this.#app, limit, async (copying) => {
      const kind = await whatIsThere(workspace, copying.signal);
      if (kind === "nothing") return [];
      const leftOut =
        kind === "file"
          ? await copyOut(workspace, OUT, output, copying)
          : await fetchFolder(workspace, OUT, resolve(copying.cwd, output), copying);
      this.#app.output.note(`fetched ~/${OUT} into ${output}`);
      return leftOut;
    });
    this.#areOnlyInside = this.#leftOut.some(mayHoldWork);
  }

  /** Where what was not fetched is, and what the person may do. */
  sayKept(workspace: string): void {
    const { output } = this.#app;
    const isUnreadable = this.#leftOut.some(({ kind }) => kind === "unreadable");
    output.note(`kept the workspace ${workspace}: not all that the command left in ~/${OUT} could be fetched`);
    output.note(`  look:       guise exec ${workspace} -- ls -lR ${OUT}`);
    if (isUnreadable) output.note(`  make it readable: guise exec ${workspace} -- chmod -R u+rwX ${OUT}`);
    output.note(`  fetch:      guise cp ${workspace}:${OUT}/. ${this.#fetching.output}`);
    output.note(`  give back:  guise release ${workspace} --with-home`);
  }
}

async function whatIsThere(workspace: Workspace, signal: AbortSignal): Promise<"nothing" | "file" | "folder"> {
  try {
    if ((await workspace.files.stat(OUT, signal)).kind === "file") return "file";
    return (await workspace.files.list(OUT, signal)).length === 0 ? "nothing" : "folder";
  } catch (error) {
    // The command did away with it.
    if (hasCode(error, "file_not_found")) return "nothing";
    // More than is listed at once.
    if (hasCode(error, "file_failed")) return "folder";
    throw error;
  }
}

/** Ctrl-C ends the copying with `aborted`, whatever it breaks off in. */
export async function untilInterrupted<T>(app: App, limit: number, work: (copying: Copying) => Promise<T>): Promise<T> {
  const stopped = new AbortController();
  const forget = app.context.onInterrupt(() => stopped.abort());
  try {
    return await work(copyingOf(app, limit, stopped.signal));
  } catch (error) {
    if (stopped.signal.aborted && !hasCode(error, "aborted")) throw new AgentError("aborted", "The copying was stopped.", { cause: error });
    throw error;
  } finally {
    app.output.still();
    forget();
  }
}

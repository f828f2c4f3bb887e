import { type Duplex, pipeline, type Writable } from "node:stream";
import { type BoxExec, OutputPace } from "#building";
import type { EngineContainer } from "../../client.ts";
import { CORE_SHARES } from "../../cpu-limits.ts";
import { createContainer, startExec } from "../../engine-calls.ts";
import type { EngineContext } from "../../engine-context.ts";
import { translated, unlessAbsent } from "../../engine-errors.ts";
import type { ContainerRequest } from "../../engine-policy.ts";
import { FrameReader } from "../../frames.ts";
import { HIDDEN_PATHS } from "../../hidden-paths.ts";
import { ownershipLabels } from "../../labels.ts";
import { boundWatches } from "../../watch-limits.ts";

const RAM = 2 * 2 ** 30;
/** What a build takes of the machine at most. */
export const BUILD_LIMITS = {
  PidsLimit: 512,
  // Somebody's work comes before somebody's build.
  CpuShares: CORE_SHARES / 4,
  Memory: RAM,
  MemorySwap: RAM,
} as const;
const VARIABLES = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A container that packages are installed in: root with six capabilities and a writable root, never with a person's data. */
export class BuildContainer {
  readonly #container: EngineContainer;

  private constructor(container: EngineContainer) {
    this.#container = container;
  }

  /** Made and started on the network of `guard`. Rejects `image_build_failed`, `engine_unreachable`; leaves nothing then. */
  static start(context: EngineContext, image: string, guard: string): Promise<BuildContainer> {
    return translated("image_build_failed", "the build container did not start", async () => {
      const container = await createContainer(context, request(context, image, guard));
      try {
        await container.start();
        await boundWatches((await container.inspect()).State.Pid);
        return new BuildContainer(container);
      } catch (error) {
        await container.remove({ force: true, v: true }).catch(() => {});
        throw error;
      }
    });
  }

  /** See `BuildBox`. */
  exec(args: readonly string[], { input, signal, onOutput }: BoxExec): Promise<number | null> {
    return translated("image_build_failed", "the engine did not run a build step", async () => {
      const command = ["/bin/bash", "-euo", "pipefail", ...args];
      const { raw, exitCode } = await startExec(this.#container, { role: "build", command, user: "0:0", variables: [VARIABLES] });
      const stop = () => void raw.destroy();
      signal?.addEventListener("abort", stop, { once: true });
      if (signal?.aborted === true) stop();
      const frames = new FrameReader();
      const pace = new OutputPace(raw);
      await new Promise<void>((resolve) => {
        raw.on("data", (chunk: Buffer) => {
          for (const { stream, bytes } of frames.push(chunk)) onOutput(stream, bytes);
          pace.read(chunk.length);
        });
        raw.once("close", resolve);
        raw.on("error", () => raw.destroy());
        if (typeof input === "string") raw.end(input);
        // What feeds it may fail: the program's input ends then, and whoever feeds it knows why.
        else pipeline(input, raw, () => void raw.end());
      });
      pace.end();
      signal?.removeEventListener("abort", stop);
      return signal?.aborted === true ? null : exitCode();
    });
  }

  /** See `BuildBox`. */
  pipe(args: readonly string[], into: Writable, signal: AbortSignal): Promise<number | null> {
    return translated("image_build_failed", "the engine did not run a build step", async () => {
      const command = ["/bin/bash", "-euo", "pipefail", ...args];
      const started = await startExec(this.#container, { role: "build", command, user: "0:0", variables: [VARIABLES] }).catch((error) => {
        into.destroy();
        throw error;
      });
      const stop = () => void started.raw.destroy();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      await sendOutput(started.raw, into);
      signal.removeEventListener("abort", stop);
      return signal.aborted ? null : started.exitCode();
    });
  }

  /** Ends the container, with everything in it. Absent is success. */
  async remove(): Promise<void> {
    await translated("image_build_failed", "the build container could not be removed", () =>
      unlessAbsent(this.#container.remove({ force: true, v: true })),
    );
  }

  /** What `commitLayer` takes. */
  get committable(): EngineContainer {
    return this.#container;
  }
}

/** All of a program's output, as fast as `into` takes it; both are closed then. Cut off, `into` is destroyed. */
async function sendOutput(raw: Duplex, into: Writable): Promise<void> {
  const frames = new FrameReader();
  raw.on("data", (chunk: Buffer) => {
    for (const { stream, bytes } of frames.push(chunk)) if (stream === "stdout" && !into.write(bytes)) raw.pause();
  });
  into.on("drain", () => raw.resume());
  into.once("close", () => raw.destroy());
  into.on("error", () => raw.destroy());
  raw.on("error", () => raw.destroy());
  raw.once("end", () => into.end());
  raw.end();
  await new Promise<void>((resolve) => raw.once("close", resolve));
  if (!raw.readableEnded) into.destroy();
}

function request(context: EngineContext, image: string, guard: string): ContainerRequest {
  return {
    role: "build",
    options: {
      name: context.ids.next("b"),
      Image: image,
      Entrypoint: [],
      Cmd: ["tini", "--", "sleep", "infinity"],
      User: "0:0",
      WorkingDir: "/",
      Env: [VARIABLES],
      Labels: ownershipLabels(context, "build"),
      Healthcheck: { Test: ["NONE"] },
      HostConfig: {
        NetworkMode: `container:${guard}`,
        CapDrop: ["ALL"],
        CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID"],
        SecurityOpt: ["no-new-privileges"],
        ...BUILD_LIMITS,
        OomScoreAdj: 500,
        IpcMode: "private",
        CgroupnsMode: "private",
        MaskedPaths: [...HIDDEN_PATHS],
        Tmpfs: { "/tmp": "size=512m,mode=1777,exec,nosuid,nodev", "/run": "size=64m,mode=755,exec,nosuid,nodev" },
        LogConfig: { Type: "none", Config: {} },
        Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
      },
    },
  };
}

import { type Estimate, estimateText, formatDuration, type Phase, REASONS, type WorkspaceEvent, type WorkspaceView } from "@guise/contract";
import type { Progress } from "../sdk/index.ts";
import type { Output } from "./output.ts";

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  image: "image",
  sandbox: "sandbox",
  network: "network",
  storage: "storage",
  data_access: "data access",
  configuration: "configuration",
  readiness: "readiness",
};

/** Shows a request on its way: one line per finished phase with its time, one per change of place or reason; what runs moves. */
export function progressLines(output: Output): (progress: Progress) => void {
  const finished = new Set<string>();
  let waiting = "";
  let buildBegan: number | undefined;

  function phase(name: string, took: number): void {
    if (finished.has(name)) return;
    finished.add(name);
    output.still();
    output.status("good", "done", `${(PHASE_WORDS[name as Phase] ?? name).padEnd(14)} ${formatDuration(took)}`);
  }

  /** A line for each change of place or reason; an estimate alone moves. */
  function waits(line: string, estimate?: Estimate): void {
    const expected = estimate === undefined ? "" : `ready in ${estimateText(estimate)}`;
    if (line === waiting) {
      if (expected !== "") output.moving(`     ${expected}`);
      return;
    }
    waiting = line;
    output.still();
    output.status("waiting", "wait", expected === "" ? line : `${line}; ${expected}`);
  }

  return (progress) => {
    if (progress.kind === "build") buildBegan ??= performance.now();
    else if (progress.kind !== "connection" && buildBegan !== undefined) {
      // It is not the workspace's own time, and the longest that there is to tell of.
      phase("build", performance.now() - buildBegan);
      buildBegan = undefined;
    }
    if (progress.kind === "workspace") {
      const { state, phases } = progress.workspace;
      // Of one that is being suspended, or waits to go on, they are those of the life before.
      if (state === "provisioning" || state === "ready") for (const { phase: name, took } of phases) phase(name, took);
      if (state === "queued" && saysWhy(progress.workspace)) waits(queueLine(progress.workspace), progress.workspace.estimate);
    } else if (progress.kind === "build") {
      waits("the persona's image is being built");
      output.moving(buildLine(progress));
    } else if (progress.kind === "connection") {
      waits(progress.connected ? "connected again" : "the connection was lost; connecting again");
    } else if (progress.kind === "phase_finished") {
      phase(progress.phase ?? "work", progress.took ?? 0);
    } else if (progress.kind === "queue" || (progress.kind === "state" && progress.state === "queued" && saysWhy(progress))) {
      waits(queueLine(progress), progress.estimate);
    } else if (progress.kind === "progress" || progress.kind === "phase_started") {
      output.moving(runningLine(progress));
    }
  };
}

/** Every life begins in the queue; it is worth a line only when there is something to wait for. */
function saysWhy({ place, message }: Pick<WorkspaceView | WorkspaceEvent, "place" | "message">): boolean {
  return place !== undefined || message !== undefined;
}

/** "place 3: needs 2 GiB ram, node-1 has 1 GiB". */
export function queueLine(shown: Pick<WorkspaceView | WorkspaceEvent, "place" | "reason" | "message">): string {
  const meaning = Object.entries(REASONS).find(([reason]) => reason === shown.reason)?.[1];
  const reason = shown.message ?? meaning ?? "in the queue";
  return shown.place === undefined ? reason : `place ${shown.place}: ${reason}`;
}

function buildLine({ percent, message }: { readonly percent?: number; readonly message?: string }): string {
  return `     ${"build".padEnd(14)}${percent === undefined ? "" : ` ${Math.round(percent)} %`} ${message ?? "waits for its turn"}`;
}

function runningLine(event: WorkspaceEvent): string {
  const percent = event.percent === undefined ? "" : ` ${Math.round(event.percent)} %`;
  const phase = event.phase === undefined ? "" : PHASE_WORDS[event.phase];
  return `     ${phase.padEnd(14)}${percent} ${event.message ?? ""}`.trimEnd();
}

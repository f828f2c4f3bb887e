import type { PersonaAgent } from "@guise/agent";
import { formatAmounts, formatBuildTime, formatDuration } from "@guise/contract";
import { delay, systemClock } from "#foundation";
import type { ProgressLines } from "#setup";
import { SAMPLE_GROUPS } from "./first-sign-in.ts";
import { doSampleTask, type TaskDone } from "./sample-task.ts";

/** Builds take turns, the smallest persona first: whichever is usable first is proved. */
const POLL = 500;
const PROOF_NAME = "first-light";

export interface ProofParts {
  readonly agent: PersonaAgent;
  readonly personas: string;
  readonly lines: ProgressLines;
  /** Since the start, for people. */
  readonly seconds: () => string;
}

/** Waits for the first usable one, does its task for real, gives it back, and says how long each phase took. */
export async function showProof({ agent, personas, lines, seconds }: ProofParts): Promise<void> {
  const first = await firstUsable(agent, new Set(Object.keys(SAMPLE_GROUPS)), lines);
  const built = formatBuildTime(first.build ?? {});
  lines.done(`${first.persona_name} is usable after ${seconds()}${built === "" ? "" : ` (its image was built in ${built})`}`);
  lines.running(`${first.persona_name}: requesting`);
  const done = await doSampleTask(agent, personas, first.persona_id, PROOF_NAME);
  for (const line of proofLines(first.persona_name, done)) lines.done(line);
  const waiting = (await agent.personas.list()).filter(({ state }) => state === "building");
  if (waiting.length > 0)
    lines.done(`still building in the background: ${waiting.map(({ persona_name }) => persona_name).join(", ")} (./guise persona list)`);
}

async function firstUsable(agent: PersonaAgent, wanted: ReadonlySet<string>, lines: ProgressLines) {
  for (;;) {
    const personas = (await agent.personas.list()).filter(({ persona_id }) => wanted.has(persona_id));
    const usable = personas.find(({ state, latest }) => state === "usable" && latest);
    if (usable !== undefined) return usable;
    const building = personas.filter(({ state }) => state === "building");
    if (building.length === 0) throw new Error("no sample persona could be built; ./guise persona list says why");
    const current = building.find(({ build }) => (build?.percent ?? 0) > 0) ?? building[0];
    lines.running(`building ${current?.persona_name ?? ""}: ${current?.build?.message ?? "waits for its turn"}`, current?.build?.percent);
    await delay(systemClock, POLL);
  }
}

function proofLines(name: string, { view, readyIn, taskTook, resultBytes, receipt, releasedIn }: TaskDone): readonly string[] {
  const phases = view.phases.map(({ phase, took }) => `${phase.replace("_", " ")} ${formatDuration(took)}`).join(", ");
  return [
    `${name}: ready in ${formatDuration(readyIn)} (${phases})`,
    `  its task done in ${formatDuration(taskTook)}, ${resultBytes} bytes of result checked`,
    `  given back in ${formatDuration(releasedIn)}: ${formatAmounts(receipt.freed)} free again; deleted: ${receipt.deleted.join(", ") || "nothing"}`,
  ];
}

/** How to the portal, from here and from another machine. */
export function portalLines({ link, address, command }: { link: string; address: string; command: string }): string {
  const port = new URL(address).port;
  return `Open it in a browser: ${link}
  signs you in, once, within ten minutes; another one: ${command} open
  from another machine, first: ssh -L ${port}:127.0.0.1:${port} <this machine>`;
}

export interface LastWords {
  readonly link: string | undefined;
  readonly address: string;
  readonly home: string;
  readonly command: string;
}

/** What a newcomer may do next. */
export function lastWords({ link, address, home, command }: LastWords): string {
  const steps = [
    `${command} open                                  # a link to the portal: personas, terminals, files, usage`,
    `${command} request data-analyst -e staging -p region=UK --no-launch`,
    `${command} launch data-analyst sqlite3 -- /data/sample-sales/sales.sqlite`,
    `${command} release data-analyst                  # the receipt says what was freed and what was kept`,
  ];
  return `
${link === undefined ? "" : `${portalLines({ link, address, command })}\n\n`}Four things to try:
${steps.map((step) => `  ${step}`).join("\n")}
State and log: ${home}. Ctrl-C stops Guise and suspends workspaces, the next start resumes them; ${command} down ends Guise's own engine too.`;
}

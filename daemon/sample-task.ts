import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { PersonaAgent } from "@guise/agent";
import type { Receipt, WorkspaceView } from "@guise/contract";

/** A task of a sample persona: what is brought in, what is run, and what the result must hold. */
export interface SampleTask {
  readonly task: string;
  readonly brings: readonly { readonly from: string; readonly to: string }[];
  readonly run: readonly string[];
  readonly expects: { readonly file: string; readonly contains: readonly string[] };
}

export interface TaskDone {
  readonly view: WorkspaceView;
  /** From the request to ready, ms. */
  readonly readyIn: number;
  /** Of the task itself, ms. */
  readonly taskTook: number;
  readonly resultBytes: number;
  readonly receipt: Receipt;
  /** From asking to the receipt, ms. */
  readonly releasedIn: number;
}

export async function readTask(folder: string, persona: string): Promise<SampleTask> {
  return JSON.parse(await readFile(join(folder, "tasks", `${persona}.json`), "utf8")) as SampleTask;
}

/** Requests the persona, does its task with its own applications, checks the result, and gives it back. */
export async function doSampleTask(agent: PersonaAgent, folder: string, persona: string, name: string): Promise<TaskDone> {
  const task = await readTask(folder, persona);
  const began = performance.now();
  const workspace = await agent.requestPersona(persona, { name });
  const readyIn = performance.now() - began;
  const view = workspace.view;
  try {
    const started = performance.now();
    for (const { from, to } of task.brings) {
      const content = Readable.toWeb(createReadStream(join(folder, "tasks", from)));
      await workspace.files.write(to, content as ReadableStream<Uint8Array>);
    }
    for (const line of task.run) await runLine(workspace, line);
    const result = await workspace.exec(["sh", "-c", `cat ${task.expects.file}`]);
    const text = textOf(result.stdout);
    for (const part of task.expects.contains)
      if (!text.includes(part)) throw new Error(`the task's result ${task.expects.file} does not hold "${part}"`);
    const taskTook = performance.now() - started;
    const asked = performance.now();
    const receipt = await workspace.release();
    return { view, readyIn, taskTook, resultBytes: text.length, receipt, releasedIn: performance.now() - asked };
  } catch (error) {
    await workspace.release().catch(() => {});
    throw error;
  }
}

async function runLine(
  workspace: { exec(command: string[]): Promise<{ exit: number; stdout: unknown; stderr: unknown }> },
  line: string,
): Promise<void> {
  const { exit, stderr } = await workspace.exec(["sh", "-c", line]);
  if (exit !== 0) throw new Error(`the task's line "${line.slice(0, 60)}…" ended with ${exit}: ${textOf(stderr).slice(-400)}`);
}

function textOf(output: unknown): string {
  return typeof output === "string" ? output : Buffer.from(output as Uint8Array).toString("utf8");
}

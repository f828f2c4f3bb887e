/**
 * Follows tutorials word by word: `node docs/follow.ts FILE …`, in a checkout. What a page has its reader start is started, unless `./guise`
 * is there and answers. Each command is run by bash; what it says, and how it ends, is held to the page. Ends with 1 where they differ.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Step, says, stepsOf } from "./tutorial-steps.ts";

/** A build may be waited for. */
const PATIENCE = 15 * 60_000;

export interface Follow {
  /** Where the reader is. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly tell: (line: string) => void;
}

/** Rejects at the first step that goes otherwise than the page says. Gives what was started. */
export async function follow(page: string, { folder, environment, tell }: Follow): Promise<readonly ChildProcess[]> {
  const started: ChildProcess[] = [];
  for (const step of stepsOf(readFileSync(page, "utf8"))) {
    if (step.kind === "file") writeFileSync(join(folder, step.name), step.content);
    else if (step.kind === "start") {
      if (!(await run("./guise admin status", folder, environment)).ok) started.push(await start(step, folder, environment));
    } else await obey(page, step, folder, environment);
    tell(`${page}:${step.line} ${step.kind === "file" ? `saved ${step.name}` : `$ ${step.command}`}`);
  }
  return started;
}

async function obey(page: string, step: Extract<Step, { kind: "command" }>, folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { ok, output } = await run(step.command, folder, environment);
  const place = `${page}:${step.line} $ ${step.command}`;
  if (ok === step.fails) throw new Error(`${place}\n${ok ? "succeeded, and should not" : "failed"}:\n${output}`);
  if (!says(step.output, output)) throw new Error(`${place}\nthe page says:\n${step.output}\nit says:\n${output}`);
}

/** Standard output and error as a terminal mixes them. */
async function run(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ readonly ok: boolean; readonly output: string }> {
  const child = spawn("bash", ["-c", `{ ${command}\n} 2>&1`], { cwd, env, stdio: ["ignore", "pipe", "inherit"], timeout: PATIENCE });
  let output = "";
  child.stdout.on("data", (piece) => {
    output += piece;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { ok: code === 0, output };
}

/** Runs on; there is a link when it can be gone on with. */
function start({ command }: { readonly command: string }, cwd: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn("bash", ["-c", command], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (piece) => {
      said += piece;
      if (said.includes("/sign-in#code=")) resolve(child);
    });
    child.on("error", reject).on("exit", (code) => reject(new Error(`"${command}" ended with ${code}:\n${said}`)));
  });
}

if (import.meta.main) {
  const folder = process.cwd();
  let started: readonly ChildProcess[] = [];
  try {
    for (const page of process.argv.slice(2)) {
      started = [
        ...started,
        ...(await follow(page, { folder, environment: process.env, tell: (line) => process.stdout.write(`${line}\n`) })),
      ];
    }
    process.stdout.write("every step went as the pages say\n");
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
  for (const child of started) child.kill("SIGTERM");
}

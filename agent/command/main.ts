#!/usr/bin/env node
import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandContext } from "./context.ts";
import { runGuise } from "./program.ts";

/** The one place of the command that reads the environment and the process. */
function contextOfProcess(): CommandContext {
  const { env } = process;
  const configuration = env.XDG_CONFIG_HOME || join(homedir(), ".config");
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    credentialsPath: env.GUISE_CREDENTIALS || join(configuration, "guise", "credentials.json"),
    home: homedir(),
    self: [process.execPath, fileURLToPath(import.meta.url)],
    color: !env.NO_COLOR,
    cwd: process.cwd(),
    terminalType: env.TERM ?? "",
    onInterrupt: (handler) => listening(["SIGINT", "SIGTERM", "SIGHUP"], handler),
    onExit: (handler) => listening(["exit"], handler),
    runProgram,
  };
}

function listening(names: readonly string[], handler: () => void): () => void {
  for (const name of names) process.on(name, handler);
  return () => {
    for (const name of names) process.off(name, handler);
  };
}

function runProgram(program: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: "inherit" });
    // Ctrl-C reaches the child too; it decides when to end.
    const forget = listening(["SIGINT", "SIGTERM"], () => {});
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      forget();
      resolve(code ?? (signal === null ? 1 : 130));
    });
  });
}

/** A reader that went away (`guise ps | head`) is no error. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

const code = await runGuise(process.argv.slice(2), contextOfProcess());
// Standard input may still be open; what was written goes out first.
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));

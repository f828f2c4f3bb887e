/**
 * `npm run attacks`: tries from outside what nobody may do, and prints for each attempt what, whether it was refused, and how. Ends with 1
 * when anything was not. Starts a Guise of its own with the simulated engine; `--engine own` with a real one, as root, `--home FOLDER`
 * keeping its images; `--broker ADDRESS` attacks one that runs, as whoever is signed in here, who must have all roles.
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { bringDevelopmentNeeds, ProgressLines } from "#setup";
import { AREAS } from "./areas/index.ts";
import { type Area, type Attempt, NEEDS } from "./attempt.ts";
import { attach, type Opened, start, usualCredentials } from "./installation.ts";
import type { Target } from "./target.ts";

const { values } = parseArgs({
  options: {
    broker: { type: "string" },
    engine: { type: "string", default: "memory" },
    home: { type: "string" },
    only: { type: "string", multiple: true, default: [] },
  },
});

type Verdict = "right" | "wrong" | "untried";

async function opened(): Promise<Opened> {
  if (values.broker !== undefined) return attach(new URL(values.broker), usualCredentials());
  if (values.engine !== "memory" && values.engine !== "own") throw new Error("--engine is memory or own");
  if (values.engine === "own") await bringDevelopmentNeeds(dirname(dirname(import.meta.dirname)), new ProgressLines(process.stdout));
  return start(values.engine, values.home);
}

async function tried(target: Target, { right }: Area, attempt: Attempt): Promise<Verdict> {
  const lacking = target.lacks(attempt.needs);
  if (lacking !== undefined) {
    print("not tried", attempt.what, `needs ${NEEDS[lacking]}`);
    return "untried";
  }
  const outcome = await attempt.try(target).catch((error: unknown) => ({ right: false, seen: `could not be told: ${String(error)}` }));
  print(outcome.right ? right : `NOT ${right}`, attempt.what, outcome.seen);
  return outcome.right ? "right" : "wrong";
}

function print(verdict: string, what: string, how: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what comes back is a stranger's
  const line = `${verdict.padEnd(12)} ${what.padEnd(72)} ${how}`.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "?");
  process.stdout.write(`${line}\n`);
}

const installation = await opened();
const counts: Record<Verdict, number> = { right: 0, wrong: 0, untried: 0 };
try {
  for (const area of AREAS) {
    if (values.only.length > 0 && !values.only.includes(area.name)) continue;
    process.stdout.write(`\n${area.name}\n`);
    for (const attempt of area.attempts) counts[await tried(installation.target, area, attempt)]++;
  }
} finally {
  await installation.close();
}
process.stdout.write(`\n${counts.right} refused or held, ${counts.wrong} NOT, ${counts.untried} not tried\n`);
process.exitCode = counts.wrong === 0 ? 0 : 1;

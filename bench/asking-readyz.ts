/** Somebody who asks whether Guise is ready, every 20 ms, in a process of its own: each question is due when it is due, however late the one before was. */
import { fork } from "node:child_process";
import { once } from "node:events";

/** Ms between two requests. */
const PAUSE = 20;

export interface Asking {
  /** Ms of each answer. */
  end(): Promise<readonly number[]>;
}

/** Asks until it is ended. */
export async function askReadyz(broker: string): Promise<Asking> {
  const others = fork(import.meta.filename, ["others"]);
  others.send(broker);
  await once(others, "message");
  return {
    async end() {
      others.send("end");
      const [times] = (await once(others, "message")) as [number[]];
      others.kill("SIGKILL");
      await once(others, "exit");
      return times;
    },
  };
}

/** The time that this share of all answers took at most. */
export function percentile(share: number, times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * share)] ?? 0;
}

if (process.argv[2] === "others" && process.argv[1] === import.meta.filename) await ask();

async function ask(): Promise<void> {
  const [broker] = (await once(process, "message")) as [string];
  const times: Promise<number>[] = [];
  const asking = setInterval(() => times.push(asked(broker)), PAUSE);
  process.send?.("begun");
  await once(process, "message");
  clearInterval(asking);
  process.send?.(await Promise.all(times));
}

async function asked(broker: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(`${broker}/readyz`);
  await answer.text();
  if (answer.status !== 200) throw new Error(`/readyz answered ${answer.status}`);
  return performance.now() - began;
}

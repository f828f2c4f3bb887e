import type { CommandSession } from "@guise/agent";
import type { Area, Attempt, Outcome } from "../attempt.ts";
import type { Target } from "../target.ts";

/** Ms of each attack. */
const LASTS = 8_000;
const PAUSE = 20;
/** Ms for the 99th of a hundred on two cores that have nothing else to do; else three times the quiet figure of the same run. */
const BAR = 100;

async function slowest(target: Target, lasts: number): Promise<{ readonly p99: number; readonly failed: number }> {
  const times: number[] = [];
  let failed = 0;
  for (const until = performance.now() + lasts; performance.now() < until; ) {
    const { status, took } = await target.ask("GET", "/readyz");
    times.push(took);
    if (status !== 200) failed++;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  times.sort((a, b) => a - b);
  return { p99: Math.round(times[Math.floor(times.length * 0.99)] ?? 0), failed };
}

interface Manner {
  /** How many at once, none of which is read. */
  readonly unread?: number;
  /** Whether it is given single bytes as fast as they can be sent. */
  readonly isTypedTo?: boolean;
}

function type({ write }: CommandSession): () => void {
  const byte = new Uint8Array([97]);
  const timer = setInterval(() => {
    for (let count = 0; count < 500; count++) write(byte).catch(() => {});
  }, 10);
  return () => clearInterval(timer);
}

const others = (what: string, script: string, { unread = 0, isTypedTo = false }: Manner = {}): Attempt => ({
  what: `${what}: others are answered`,
  needs: ["engine"],
  async try(target): Promise<Outcome> {
    const workspace = await target.workspace();
    const quiet = await slowest(target, LASTS / 4);
    const sessions =
      unread === 0
        ? [await workspace.execStream({ command: ["bash", "-c", script] }, () => {})]
        : await Promise.all(
            Array.from({ length: unread }, () =>
              workspace.execStream({ command: ["bash", "-c", script] }, () => new Promise<void>(() => {})),
            ),
          );
    for (const { exit } of sessions) exit.catch(() => {});
    const typing = isTypedTo ? sessions.map(type) : [];
    const under = await slowest(target, LASTS);
    for (const end of typing) end();
    for (const session of sessions) session.close();
    await target.breakOff();
    const bar = Math.max(BAR, 3 * quiet.p99);
    return {
      right: under.failed === 0 && under.p99 <= bar,
      seen: `p99 of /readyz ${under.p99} ms, quiet ${quiet.p99} ms; ${under.failed} not answered`,
    };
  },
});

export const AVAILABILITY: Area = {
  name: "availability",
  right: "held",
  attempts: [
    others("a fork bomb", "f(){ f|f& }; f"),
    others("a fork bomb of 4 MB each", 'f(){ local x=$(head -c 4000000 /dev/zero | tr "\\0" a); f|f& }; f'),
    others("a memory bomb", "while :; do tail /dev/zero; done"),
    others("a flood of the log", "for n in 1 2 3 4; do yes $(seq 100) >&2 & done; yes > /proc/1/fd/2 & wait"),
    others("a flood of files", "mkdir -p d; cd d; n=0; while :; do : > $((n=n+1)); done"),
    others("20 outputs that nobody reads", "exec yes", { unread: 20 }),
    others("bytes typed one by one without end", "exec cat > /dev/null", { isTypedTo: true }),
  ],
};

import type { Clock } from "#foundation";
import { startExec } from "./engine-calls.ts";
import type { EngineContext } from "./engine-context.ts";
import { isAbsent, isConflict } from "./engine-errors.ts";

/**
 * Tells every program to end and returns when the last has. Not told: the first process, and the container's own program
 * (the lowest number after it): with it the container ends, and everybody else at once. Interactive shells ignore TERM and
 * get HUP, a second later, so that a script which is saving something may finish.
 */
const STOP_SCRIPT = `
PATH=/usr/bin:/bin
main=0
for p in /proc/[0-9]*; do n=\${p#/proc/}; if [ $n -gt 1 ] && { [ $main = 0 ] || [ $n -lt $main ]; }; then main=$n; fi; done
tell() {
  left=0
  for p in /proc/[0-9]*; do
    n=\${p#/proc/}
    case $n in 1|$main|$$) continue;; esac
    read -r c < $p/comm || continue
    left=1
    case "$1 $c" in TERM\\ *|HUP\\ bash|HUP\\ sh|HUP\\ dash|HUP\\ zsh|HUP\\ fish) kill -$1 $n;; esac
  done 2>/dev/null
}
tell TERM
round=0
while round=$((round+1)); if [ $round -gt 20 ]; then tell HUP; else tell NOBODY; fi; [ $left = 1 ]; do sleep 0.05; done
`;

/** Resolves when the programs have ended, or after `grace` ms. A container that is gone or does not run is success. */
export async function stopPrograms(
  { context, clock }: { readonly context: EngineContext; readonly clock: Clock },
  main: { readonly id: string; readonly user: string; readonly grace: number },
): Promise<void> {
  try {
    const container = context.client.getContainer(main.id);
    const { raw } = await startExec(container, { role: "main", command: ["/bin/sh", "-c", STOP_SCRIPT], user: main.user });
    await new Promise<void>((resolve) => {
      const timer = clock.after(main.grace, resolve, { unref: true });
      const ended = () => {
        timer.cancel();
        resolve();
      };
      raw.once("close", ended).once("end", ended).once("error", ended).resume();
    });
    raw.destroy();
  } catch (error) {
    if (!isAbsent(error) && !isConflict(error)) throw error;
  }
}

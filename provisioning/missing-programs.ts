import { type Clock, codeOf } from "#foundation";
import type { Channel } from "./channel.ts";

/** Nothing waits for longer than this for a remark, ms. */
const WITHIN = 5_000;
/** More is said by none that means well. */
const MOST_SAID = 64 * 1024;

/**
 * Which of the programs (words, as a shell looks for them) a person's commands would not find. What runs inside may say what it likes, or
 * nothing: it is good for a remark, and no decision rests on it.
 */
export async function missingPrograms(
  channel: Channel,
  programs: readonly string[],
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const plain = programs.filter((program) => /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(program));
  if (plain.length === 0) return [];
  const late = new AbortController();
  const timer = clock.after(WITHIN, () => late.abort());
  const looks = plain.map((program) => `command -v ${program} > /dev/null || echo "missing ${program}"`);
  try {
    const { stdout } = await channel.run(looks.join("; "), { signal: AbortSignal.any([signal, late.signal]), maximumOutput: MOST_SAID });
    const said = new Set(stdout.split("\n"));
    return plain.filter((program) => said.has(`missing ${program}`));
  } catch (error) {
    if (signal.aborted || !(late.signal.aborted || codeOf(error) === "output_too_large")) throw error;
    return [];
  } finally {
    timer.cancel();
  }
}

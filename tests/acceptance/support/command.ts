import { runGuise } from "../../../agent/command/program.ts";
import { fakeTerminal } from "../../../agent/testing/terminal.ts";

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Running {
  readonly ended: Promise<Ran>;
  /** Resolves when its output has the text; rejects when it ends without. */
  saw(text: string): Promise<void>;
  /** The same for a pattern; gives its named groups. */
  matched(pattern: RegExp): Promise<Readonly<Record<string, string>>>;
  interrupt(): void;
}

/** The real command without a terminal, in this process: half a second less a call than in one of its own, of which the tests make hundreds. */
export function beginCommand(args: readonly string[], credentialsPath: string, input = ""): Running {
  const terminal = fakeTerminal({ credentialsPath, cwd: process.cwd() });
  terminal.stdin.end(input);
  const looks = new Set<() => void>();
  for (const stream of [terminal.context.stdout, terminal.context.stderr])
    stream.on("data", () => {
      for (const look of looks) look();
    });
  const ran = (exit: number): Ran => ({ exit, stdout: terminal.out(), stderr: terminal.err() });
  const ended = runGuise(args, terminal.context).then((exit) => afterOutput(ran, exit));
  const matched = (pattern: RegExp) =>
    new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(`${terminal.out()}\n${terminal.err()}`);
        if (match === null) return;
        looks.delete(look);
        resolve(match.groups ?? {});
      };
      looks.add(look);
      look();
      ended.then(({ exit, stderr }) => reject(new Error(`the command ended with ${exit} before it said ${pattern}: ${stderr}`)), reject);
    });
  const saw = async (text: string) => void (await matched(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))));
  return { ended, saw, matched, interrupt: () => terminal.interrupt() };
}

/** What was written last goes through its stream first. */
async function afterOutput(ran: (exit: number) => Ran, exit: number): Promise<Ran> {
  await new Promise((resolve) => setImmediate(resolve));
  return ran(exit);
}

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { BuildBox } from "../build-box.ts";
import { runTrials, TrialReader } from "./run-trials.ts";

const IS_ROOT = process.getuid?.() === 0;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guise-trials-"));
  writeFileSync(join(folder, "passwd"), "root:x:0:0::/root:/bin/bash\n");
  chmodSync(join(folder, "passwd"), 0o644);
});
afterAll(() => rmSync(folder, { recursive: true }));
/** What they hold ends with them. */
const boxes = new Set<ChildProcess>();
afterEach(() => {
  for (const one of boxes) one.kill("SIGKILL");
  boxes.clear();
});

/** Processes and mounts of its own, root inside, as a box has them. */
const ENTER = 'mount --bind "$0/passwd" /etc/passwd; mount -t tmpfs none /run; mount -t tmpfs none /tmp; exec bash -euo pipefail "$@"';
const box: Pick<BuildBox, "exec"> = {
  async exec(args, { input, onOutput }) {
    const command = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-euc", ENTER, folder, ...args];
    const inside = spawn("unshare", command, { stdio: ["pipe", "pipe", "pipe"] });
    boxes.add(inside);
    inside.stdout.on("data", (bytes: Buffer) => onOutput("stdout", bytes));
    inside.stderr.on("data", (bytes: Buffer) => onOutput("stderr", bytes));
    inside.stdin.end(String(input).replaceAll("/guise-fetched", "/run/guise-fetched"));
    return new Promise((resolve) => inside.once("close", resolve));
  },
};
const asking = (script: string, seconds = 20) => ({ command: ["/bin/sh", "-c", script], seconds });
const run = (...trials: readonly ReturnType<typeof asking>[]) =>
  runTrials(box as BuildBox, trials, { seconds: 60, signal: new AbortController().signal });

test.skipIf(!IS_ROOT)("each is told how it ended, in the order that was asked", async () => {
  expect(
    await run(asking("exit 0"), asking("echo one; echo two >&2; exit 3"), asking("kill -SEGV $$"), asking("sleep 100", 1), asking("yes"), {
      command: ["/no/such/program"],
      seconds: 5,
    }),
  ).toEqual([
    { how: "ended", code: 0, words: "" },
    { how: "ended", code: 3, words: "one\ntwo\n" },
    { how: "died", signal: 11, words: "" },
    { how: "ran" },
    { how: "ran" },
    { how: "ended", code: 127, words: expect.stringContaining("/no/such/program: No such file or directory") },
  ]);
});

test.skipIf(!IS_ROOT)("one that computes past its time is waited for, one that does not is not", async () => {
  expect(
    await run(
      asking("perl -e 'do { $x++ for 1 .. 100000; ($own, $system) = times } while ($own + $system < 3.3); exit 7'", 3),
      asking("sleep 30; exit 7", 3),
    ),
  ).toEqual([{ how: "ended", code: 7, words: "" }, { how: "ran" }]);
});

test.skipIf(!IS_ROOT)("one begins as nobody, with an empty home, no input, no display and a name", async () => {
  const [end] = await run(
    asking('id -u; ls -A "$HOME" | wc -l; cat | wc -c; pwd | cut -d / -f 1-3; whoami | cut -c 1-5; echo "($DISPLAY)"; exit 1'),
  );
  const [uid, ...others] = String(end?.how === "ended" && end.words)
    .trim()
    .split("\n");
  expect(Number(uid)).toBeGreaterThanOrEqual(20_000);
  expect(others).toEqual(["0", "0", "/run/guise-trials", "trial", "()"]);
});

test.skipIf(!IS_ROOT)("a hostile one forges no answer, takes no other one's place, and leaves nothing that goes on", async () => {
  const forged = String.raw`printf 'ended\t0\t0\nsaid\t1\t6f6b\nended\t1\t0\n'`;
  const hostile = [
    `for fd in /proc/[0-9]*/fd/[12]; do ${forged} > $fd; done 2>/dev/null`,
    "kill -KILL $PPID; kill -STOP $PPID",
    "echo forged > /run/guise-build/trials; ln -s /etc/passwd /run/guise-trials/x; rm -rf /run/guise-trials/*; mv /run/guise-trials /run/x",
    // No more than that, for a day when nothing holds it.
    "(trap '' TERM HUP; setsid sleep 1000 &); for i in $(seq 300); do sleep 1000 & done; wait",
  ];
  const ends = await run(
    ...hostile.map((script) => asking(`${forged}; { ${script}; } 2>/dev/null; exit 7`, 3)),
    // Whoever is left over of those before is seen here.
    asking("sleep 4; ps -eo args | grep -c '^[s]leep 1000'; exit 1", 20),
  );
  const [first, second, third, fourth, last] = ends;
  for (const end of [first, second, third]) expect(end).toMatchObject({ how: "ended", code: 7 });
  expect(["ran", "ended"]).toContain(fourth?.how);
  expect(last).toMatchObject({ how: "ended", code: 1, words: "0\n" });
});

test("what there is no time for stays untried, and no line of another kind is an answer", () => {
  const reader = new TrialReader(2);
  const said = [
    "ended\t5\t0",
    "ended\t1\t-1",
    "ended 1 0",
    `said\t1\t${Buffer.from("a\u001b[31mb").toString("hex")}`,
    "ended\t1\t2",
    "ended\t1\t0",
  ];
  expect(said.map((line) => reader.push(line))).toEqual([false, false, false, true, true, false]);
  expect(reader.ends()).toEqual([{ how: "untried" }, { how: "ended", code: 2, words: "a[31mb" }]);
});

import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ToolShells } from "./tool-shells.ts";

const variables = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", MINE: "yes" };

test("a program gets exactly its arguments, and its code and both streams come back", async () => {
  const shells = new ToolShells(variables);
  const odd = ["", "a b", "$HOME", "it's", "x\ny", "`id`", "\\", "né"];
  expect(await shells.run("printf", ["%s|", ...odd])).toEqual({ exit: 0, stdout: `${odd.join("|")}|`, stderr: "" });
  expect(await shells.run("sh", ["-c", "echo out; echo err >&2; exit 3"])).toEqual({ exit: 3, stdout: "out\n", stderr: "err\n" });
  expect(await shells.run("sh", ["-c", "kill -9 $$"])).toMatchObject({ exit: 137 });
  expect(await shells.run("env", [])).toMatchObject({ stdout: expect.stringMatching(/^MINE=yes$/m) });
  expect(await shells.run("env", [])).toMatchObject({ stdout: expect.not.stringContaining("NODE") });
  expect(await shells.run("cat", [])).toEqual({ exit: 0, stdout: "", stderr: "" });
  expect(await shells.run("no-such-program", ["x"])).toBeUndefined();
});

test("programs run side by side, and what each says stays its own, however much", async () => {
  const shells = new ToolShells(variables);
  const many = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      shells.run("sh", ["-c", `head -c 300000 /dev/zero | tr '\\0' ${n % 10}; echo ${n} >&2; exit ${n}`]),
    ),
  );
  for (const [n, result] of many.entries()) expect(result).toEqual({ exit: n, stdout: String(n % 10).repeat(300_000), stderr: `${n}\n` });
});

test("a shell that is killed fails the program it ran, and the next has another; one that is idle is not missed", async () => {
  const shells = new ToolShells(variables);
  const shell = async () => Number((await shells.run("sh", ["-c", "echo $PPID"]))?.stdout);
  await expect(shells.run("sh", ["-c", "kill -9 $PPID; sleep 10"])).rejects.toThrow("has ended");
  const idle = await shell();
  expect(await shell()).toBe(idle);
  process.kill(idle, "SIGKILL");
  await gone(idle);
  expect(await shell()).not.toBe(idle);
});

test("more than a few are not kept", async () => {
  const shells = new ToolShells(variables);
  const parents = await Promise.all(Array.from({ length: 6 }, () => shells.run("sh", ["-c", "sleep 0.05; echo $PPID"])));
  const pids = parents.map((result) => Number(result?.stdout));
  expect(new Set(pids).size).toBe(6);
  // Which ones are kept is decided by who ends first, not by who began first.
  const living = async () => (await Promise.all(pids.map(lives))).filter(Boolean).length;
  await expect.poll(living, { interval: 10, timeout: 5_000 }).toBe(3);
});

async function gone(pid: number): Promise<void> {
  await expect.poll(() => lives(pid), { interval: 10, timeout: 5_000 }).toBe(false);
}

/** False also of one that has ended and is not yet fetched by us. */
async function lives(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "State: Z");
  return !/^State:\s+Z/m.test(status);
}

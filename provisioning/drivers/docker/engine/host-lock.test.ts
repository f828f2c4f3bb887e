import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { withHostLock } from "./host-lock.ts";

const name = `test-${process.pid}`;

test("one at a time, in whatever order they come", async () => {
  let inside = 0;
  let most = 0;
  const acts = Array.from({ length: 6 }, () =>
    withHostLock(name, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    }),
  );
  await Promise.all(acts);
  expect(most).toBe(1);
});

test("is let go when its act fails", async () => {
  await expect(withHostLock(name, () => Promise.reject(new Error("act failed")))).rejects.toThrow("act failed");
  expect(await withHostLock(name, async () => "free")).toBe("free");
});

test("is let go when its holder is killed", async () => {
  const lock = fileURLToPath(new URL("./host-lock.ts", import.meta.url));
  const script = `import { withHostLock } from ${JSON.stringify(lock)}; await withHostLock("${name}", () => { console.log("held"); return new Promise((resolve) => setTimeout(resolve, 600000)); });`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "ignore"] });
  await once(holder.stdout, "data");
  let free = false;
  const waiting = withHostLock(name, async () => {
    free = true;
  });
  expect(free).toBe(false);
  holder.kill("SIGKILL");
  await waiting;
  expect(free).toBe(true);
});

import { expect, test } from "vitest";
import type { BuildReport } from "#provisioning";
import { JoinedWork } from "./joined-work.ts";

function listener(): BuildReport & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    progress: (message) => void heard.push(message),
    downloaded: (took) => void heard.push(`downloaded in ${took}`),
    log: (line) => void heard.push(line),
  };
}

/** Work that ends when it is told to, or rejects when it is cancelled. */
function work() {
  const started = Promise.withResolvers<{ report: BuildReport; signal: AbortSignal }>();
  const finish = Promise.withResolvers<string>();
  let runs = 0;
  const run = (report: BuildReport, signal: AbortSignal) => {
    runs++;
    signal.addEventListener("abort", () => finish.reject(signal.reason));
    started.resolve({ report, signal });
    return finish.promise;
  };
  return { run, started: started.promise, finish: finish.resolve, fail: finish.reject, runs: () => runs };
}

test("who asks for the same joins, and hears the progress", async () => {
  const joined = new JoinedWork<string>();
  const task = work();
  const [one, two] = [listener(), listener()];
  const answers = [joined.run("k", one, undefined, task.run), joined.run("k", two, undefined, task.run)];
  const { report } = await task.started;
  report.progress("half", 50);
  report.downloaded(7);
  task.finish("done");
  expect(await Promise.all(answers)).toEqual(["done", "done"]);
  for (const { heard } of [one, two]) expect(heard).toEqual(["half", "downloaded in 7"]);
  expect(task.runs()).toBe(1);
});

test("another key is other work, and what has ended runs again", async () => {
  const joined = new JoinedWork<string>();
  const run = async () => "x";
  await Promise.all([joined.run("a", listener(), undefined, run), joined.run("b", listener(), undefined, run)]);
  let again = false;
  await joined.run("a", listener(), undefined, async () => {
    again = true;
    return "y";
  });
  expect(again).toBe(true);
});

test("one of two gives up: the work goes on for the other", async () => {
  const joined = new JoinedWork<string>();
  const task = work();
  const stop = new AbortController();
  const first = joined.run("k", listener(), stop.signal, task.run);
  const second = joined.run("k", listener(), undefined, task.run);
  const { signal } = await task.started;
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: "cancelled" });
  expect(signal.aborted).toBe(false);
  task.finish("done");
  expect(await second).toBe("done");
});

test("all give up: the work is cancelled, and its end waited for", async () => {
  const joined = new JoinedWork<string>();
  const task = work();
  const stop = new AbortController();
  const only = joined.run("k", listener(), stop.signal, task.run);
  const { signal } = await task.started;
  stop.abort();
  await expect(only).rejects.toMatchObject({ code: "cancelled" });
  expect(signal.aborted).toBe(true);
});

test("a failure reaches everybody", async () => {
  const joined = new JoinedWork<string>();
  const task = work();
  const answers = [joined.run("k", listener(), undefined, task.run), joined.run("k", listener(), undefined, task.run)];
  await task.started;
  task.fail(new Error("no"));
  const settled = await Promise.allSettled(answers);
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

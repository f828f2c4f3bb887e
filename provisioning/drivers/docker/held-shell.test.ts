import { Duplex, PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { holdShell } from "./held-shell.ts";

/** A stream whose other end the test plays. */
function wire() {
  const orders = new PassThrough();
  const answers = new PassThrough();
  const stream = Duplex.from({ readable: answers, writable: orders });
  const next = () => new Promise<string>((resolve) => orders.once("data", (chunk: Buffer) => resolve(chunk.toString())));
  return { stream, answers, next, mark: (order: string) => /echo (\S+)=/.exec(order)?.[1] ?? "" };
}

test("gives an order's output and exit code, also when they come in pieces", async () => {
  const { stream, answers, next, mark } = wire();
  const answer = holdShell(stream).run("nft list");
  const order = await next();
  expect(order).toContain("nft list");
  answers.write("one\ntw");
  answers.write(`o\n${mark(order)}`);
  answers.write("=3\n");
  expect(await answer).toEqual({ output: "one\ntwo\n", exit: 3 });
});

test("sends the second order only after the first has answered", async () => {
  const { stream, answers, next, mark } = wire();
  const shell = holdShell(stream);
  const first = shell.run("first");
  const second = shell.run("second");
  const one = await next();
  expect(one).not.toContain("second");
  answers.write(`a\n${mark(one)}=0\n`);
  expect((await first).output).toBe("a\n");
  answers.write(`b\n${mark(await next())}=1\n`);
  expect(await second).toEqual({ output: "b\n", exit: 1 });
});

test("a stream that somebody paused flows again", async () => {
  const { stream, answers, next, mark } = wire();
  stream.pause();
  const answer = holdShell(stream).run("x");
  answers.write(`${mark(await next())}=0\n`);
  expect((await answer).exit).toBe(0);
});

test("rejects what waits and what comes when the shell closes", async () => {
  const { stream, next } = wire();
  const shell = holdShell(stream);
  const waiting = shell.run("x");
  await next();
  stream.destroy();
  await expect(waiting).rejects.toMatchObject({ code: "sandbox_gone" });
  await shell.closed;
  await expect(shell.run("y")).rejects.toMatchObject({ code: "sandbox_gone" });
});

test("cuts a shell that floods", async () => {
  const { stream, answers, next } = wire();
  const shell = holdShell(stream);
  const waiting = shell.run("x");
  await next();
  answers.write("x".repeat(2 * 2 ** 20));
  await expect(waiting).rejects.toMatchObject({ code: "output_too_large" });
  await shell.closed;
});

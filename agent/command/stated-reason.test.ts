import { expect, test, vi } from "vitest";
import { AgentError } from "../sdk/index.ts";
import { fakeTerminal } from "../testing/terminal.ts";
import { App } from "./app.ts";
import { statingReason } from "./stated-reason.ts";

const MISSING = new AgentError("invalid", "It is somebody else's workspace.", {
  problems: [{ path: "$.reason", code: "missing", message: "say why" }],
});

/** As the broker does: nothing is done without a reason. */
async function giveBack(reason: string | undefined, withHome: boolean | undefined) {
  if (reason === undefined) throw MISSING;
  return { reason, withHome };
}

test("at a terminal the reason is asked for, and what is to become of the home; by itself it stays", async () => {
  const terminal = fakeTerminal({ tty: true });
  const said = (words: string) => vi.waitFor(() => expect(terminal.out()).toContain(words), { interval: 5 });
  const asked = statingReason(new App(terminal.context), undefined, giveBack, (ask) => ask.yes("Delete its home too?", false));
  await said("Its person reads this.");
  terminal.stdin.write("the disk is full\r");
  await said("Delete its home too?");
  terminal.stdin.write("\r");
  expect(await asked).toEqual({ reason: "the disk is full", withHome: false });
});

test("where nobody can answer it is told how to give the reason; one that is given is taken, and nothing is asked", async () => {
  const app = new App(fakeTerminal().context);
  const further = vi.fn(async () => true);
  await expect(statingReason(app, undefined, giveBack, further)).rejects.toMatchObject({
    code: "invalid",
    remedy: expect.stringContaining("--reason"),
  });
  expect(await statingReason(app, "noon", giveBack, further)).toEqual({ reason: "noon", withHome: undefined });
  expect(further).not.toHaveBeenCalled();
});

test("another refusal is nobody's reason to ask", async () => {
  const app = new App(fakeTerminal({ tty: true }).context);
  const refused = statingReason(
    app,
    undefined,
    () => Promise.reject(new AgentError("conflict", "no")),
    async () => undefined,
  );
  await expect(refused).rejects.toMatchObject({ code: "conflict" });
});

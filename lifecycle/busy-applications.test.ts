import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock, silentLog } from "#foundation";
import type { LaunchRow, Repository, WorkspaceRow } from "#repository";
import { BusyApplications, saysBusy } from "./busy-applications.ts";

const BUSY = { path: "/api/kernels", key: "execution_state", value: "busy" };
const KERNELS = (state: string) =>
  JSON.stringify([
    { id: "1", execution_state: "idle" },
    { id: "2", execution_state: state },
  ]);

describe("what an application says of itself", () => {
  test.each([
    ["a kernel works", KERNELS("busy"), true],
    ["all wait", KERNELS("idle"), false],
    ["one that nobody connected to starts", KERNELS("starting"), false],
    ["there is none", "[]", false],
    ["an error", '{"message":"busy","execution_state":"busy"}', false],
    ["a list of something else", '[null,1,"busy",["busy"]]', false],
    ["no JSON", "<html>busy</html>", false],
  ])("%s", (_what, answer, busy) => expect(saysBusy(answer, BUSY)).toBe(busy));
});

describe("running applications are asked", () => {
  let server: Server;
  let state = "busy";
  let asked = 0;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked++;
      response.end(KERNELS(state));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  function world({ launch = {}, channelOf }: { launch?: Partial<LaunchRow>; channelOf?: () => Promise<never> } = {}) {
    const { port } = server.address() as AddressInfo;
    const web = { port, path: "/", readyPath: "/api", within: 1, busy: BUSY };
    const row = {
      ...{ id: "w", persona: "p", version: 1, generation: 2, applications: [] },
      concrete: { applications: [{ application: "jupyterlab", kind: "web", web }] },
    } as unknown as WorkspaceRow;
    const running = { application: "jupyterlab", kind: "web", state: "running", generation: 2, ...launch } as LaunchRow;
    const repository = { launches: async () => [running, running], version: async () => undefined } as unknown as Repository;
    const channel = { forward: async () => connect(port, "127.0.0.1") } as never;
    const clock = new ManualClock();
    const busy = new BusyApplications({
      ...{ repository, clock, log: silentLog },
      channelOf: channelOf ?? (async () => ({ channel, release: () => {} })),
    });
    return { clock, busy: () => busy.anyOf(row) };
  }

  test("each once, and one that works is enough", async () => {
    expect([await world().busy(), asked]).toEqual([true, 1]);
    state = "idle";
    expect(await world().busy()).toBe(false);
  });

  test("none that has ended, or ran in an earlier sandbox", async () => {
    asked = 0;
    for (const launch of [{ state: "exited" }, { generation: 1 }] as const) expect(await world({ launch }).busy()).toBe(false);
    expect(asked).toBe(0);
  });

  test("and a workspace that does not let them be asked holds nobody up", async () => {
    const refused = world({ channelOf: () => Promise.reject(new Error("no channel")) });
    expect(await refused.busy()).toBe(false);
    const stuck = world({ channelOf: () => new Promise(() => {}) });
    const answer = stuck.busy();
    stuck.clock.advance(5_000);
    expect(await answer).toBe(false);
  });
});

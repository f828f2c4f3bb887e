import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/**
 * A home outlives programs, sandboxes, Guise and, where the persona says so, its workspace.
 * Slow: Guise, its engine and workspaces are ended and started again and again, each of them whole.
 */
let world: World;
const BUSY = { cpu: "500m", ram: "256Mi", storage: "64Mi", network_bandwidth: "20Mbit" };

beforeAll(async () => {
  world = await World.open();
  await world.publish(tinyPersona());
  await world.publish(
    tinyPersona({ persona_id: "keeper", persona_name: "Keeper", resource_requirements: BUSY, lifetime: { home: "keep" } }),
  );
});
afterAll(() => world?.close());

const inside = (persona: string, script: string) => world.guise("exec", persona, "--", "sh", "-c", script);
const allocated = async () => {
  const { nodes } = JSON.parse((await world.guise("admin", "status", "--json")).stdout) as {
    nodes: { allocated: Record<string, number> }[];
  };
  return nodes[0]?.allocated;
};
const NOTHING = { cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 };
const STORAGE_ALONE = { ...NOTHING, storage: 64 * 2 ** 20 };

test("suspended and resumed: all but the storage is free meanwhile, and the files are there", async () => {
  await world.guise("request", "tiny");
  await inside("tiny", `echo precious > ~/kept; trap '' TERM; (setsid sleep 1000 >/dev/null 2>&1 &)`);
  const suspended = await world.guise("suspend", "tiny", "--json");
  const { state, workspace_id } = JSON.parse(suspended.stdout) as { state: string; workspace_id: string };
  expect(state).toBe("suspended");
  expect(await world.containersOf(workspace_id)).toBe(0);
  expect(await allocated()).toEqual(STORAGE_ALONE);
  expect((await inside("tiny", "true")).stderr).toContain("guise resume");
  expect((await world.guise("why", "tiny")).stdout).toMatch(/state +suspended/);

  // asking for it again resumes it
  const again = await world.guise("request", "tiny");
  expect([again.exit, again.stdout.trim().split("\n").at(-1)]).toEqual([0, workspace_id]);
  expect((await inside("tiny", "cat ~/kept")).stdout).toBe("precious\n");
  await world.guise("suspend", "tiny");
  expect((await world.guise("resume", "tiny")).exit).toBe(0);
  expect((await inside("tiny", "cat ~/kept")).stdout).toBe("precious\n");
  await world.guise("suspend", "tiny");
  const receipt = JSON.parse((await world.guise("release", "tiny", "--json")).stdout) as { freed: object; deleted: string[] };
  expect([receipt.freed, receipt.deleted]).toEqual([STORAGE_ALONE, ["sandbox", "home"]]);
  expect(await allocated()).toEqual(NOTHING);
});

test("a kept home is the next workspace's, and is deleted by command", async () => {
  await world.guise("request", "keeper");
  await inside("keeper", "echo precious > ~/kept");
  const released = await world.guise("release", "keeper");
  expect(released.stdout).toMatch(/kept +home h-\w+, 64 MiB, charged to engineering/);
  const [home] = JSON.parse((await world.guise("homes", "list", "--json")).stdout) as { home: string; state: string }[];
  expect(home?.state).toBe("kept");
  expect(await allocated()).toEqual(STORAGE_ALONE);
  const archive = world.path("home.tar");
  expect((await world.guise("homes", "export", home?.home ?? "", archive)).stderr).toMatch(/copied h-\w+/);
  expect(execFileSync("tar", ["-xSf", archive, "-O", `${home?.home}.img`], { maxBuffer: 2 ** 28 }).includes("precious\n")).toBe(true);

  await world.guise("request", "keeper");
  expect((await inside("keeper", "cat ~/kept")).stdout).toBe("precious\n");
  expect((await world.guise("homes", "export", home?.home ?? "", world.path("busy.tar"))).stderr).toContain("suspend its workspace");
  expect((await world.guise("homes", "delete", home?.home ?? "")).stderr).toContain("has this home");
  await world.guise("release", "keeper");
  expect((await world.guise("homes", "delete", home?.home ?? "")).exit).toBe(0);
  await expect.poll(allocated).toEqual(NOTHING);
  expect(JSON.parse((await world.guise("homes", "list", "--json")).stdout)).toEqual([]);

  await world.guise("request", "keeper");
  expect((await inside("keeper", "cat ~/kept")).exit).not.toBe(0);
  const all = await world.guise("release", "keeper", "--with-home", "--json");
  expect(JSON.parse(all.stdout)).toMatchObject({ deleted: ["sandbox", "home"], kept: [] });
});

test("a home fills up: its person is told; a full one can be suspended, resumed and made room in", async () => {
  await world.guise("request", "tiny");
  const shown = async () => (await world.guise("ps")).stdout;
  await inside("tiny", "head -c 51M /dev/zero > ~/fill; sync");
  await expect.poll(shown, { timeout: 40_000 }).toMatch(/its home is 9\d % full: [\d.]+ MiB of [\d.]+ MiB/);
  await inside("tiny", "for n in 1 2 3; do dd if=/dev/zero of=$HOME/rest$n bs=4k; sync; done");
  await world.guise("suspend", "tiny");
  expect((await world.guise("resume", "tiny")).exit).toBe(0);
  await inside("tiny", "for n in 4 5 6; do dd if=/dev/zero of=$HOME/rest$n bs=4k; sync; done");
  await expect.poll(shown, { timeout: 40_000 }).toContain("its home is full");
  await inside("tiny", "rm ~/fill ~/rest*; sync");
  expect((await inside("tiny", "cat ~/.config/tiny.json")).stdout).toContain("dark");
  await expect.poll(shown, { timeout: 40_000 }).not.toContain("full");
  await world.guise("release", "tiny");
});

test("nobody else sees, gets or deletes a kept home", async () => {
  await world.signIn("ann", ["engineering"]);
  await world.guise("request", "keeper");
  await inside("keeper", "echo mine > ~/kept");
  await world.guise("release", "keeper");
  const [home] = JSON.parse((await world.guise("homes", "list", "--json")).stdout) as { home: string }[];
  expect(JSON.parse((await world.as("ann", "homes", "list", "--json")).stdout)).toEqual([]);
  const foreign = await world.as("ann", "homes", "delete", home?.home ?? "");
  const absent = await world.as("ann", "homes", "delete", "h-aaaaaaaaaaaaaaaaaaaa");
  expect([foreign.exit, foreign.stderr]).toEqual([4, absent.stderr]);
  await world.as("ann", "request", "keeper");
  expect((await world.as("ann", "exec", "keeper", "--", "ls", "/home/user/kept")).exit).not.toBe(0);
  const [hers] = JSON.parse((await world.as("ann", "ps", "--json")).stdout) as { workspace_id: string }[];
  const unsaid = await world.guise("release", hers?.workspace_id ?? "");
  expect([unsaid.exit === 0, unsaid.stderr]).toEqual([false, expect.stringContaining("--reason")]);
  const stopped = await world.guise("release", hers?.workspace_id ?? "", "--reason", "the node is needed");
  expect([stopped.exit, stopped.stdout]).toEqual([0, expect.stringContaining("given back")]);
  expect((await world.as("ann", "why", "keeper")).stdout).toMatch(/the node is needed[\s\S]*Stopped by an operator/);
  const [kept] = JSON.parse((await world.as("ann", "homes", "list", "--json")).stdout) as { home: string }[];
  await world.as("ann", "homes", "delete", kept?.home ?? "");
  await world.guise("homes", "delete", home?.home ?? "");
});

test("Ctrl-C suspends what is ready, the next start resumes it, and what was open is open again", async () => {
  await world.publish(
    tinyPersona({
      persona_id: "served",
      persona_name: "Served",
      required_applications: ["micro"],
      application_configuration: {},
      environments: {},
    }),
  );
  const requested = await world.guise("request", "served", "--no-launch");
  expect(requested.exit).toBe(0);
  await inside("served", "echo precious > ~/kept");
  const launched = JSON.parse((await world.guise("launch", "served", "micro", "--json")).stdout) as { launch_id: string };
  expect(await world.interrupt()).toContain("1 workspace suspended");
  await world.start();
  const [view] = await viewsOf((views) => views[0]?.state === "ready");
  expect(view?.state).toBe("ready");
  expect((await inside("served", "cat ~/kept")).stdout).toBe("precious\n");
  const open = async () =>
    (await viewsOf(() => true))[0]?.launches.filter(({ state }) => state === "running").map(({ application }) => application);
  await expect.poll(open, { timeout: 10_000 }).toEqual(["micro"]);
  // The same launch, on the address that it had.
  expect((await viewsOf(() => true))[0]?.launches.map(({ launch_id, state }) => [launch_id, state])).toEqual([
    [launched.launch_id, "running"],
  ]);
  await world.guise("release", "served");
});

interface View {
  readonly state: string;
  readonly launches: readonly { readonly launch_id: string; readonly application: string; readonly state: string }[];
}

async function viewsOf(done: (views: readonly View[]) => boolean): Promise<readonly View[]> {
  let views: readonly View[] = [];
  await expect
    .poll(
      async () => {
        views = JSON.parse((await world.guise("ps", "--json")).stdout || "[]") as View[];
        return done(views);
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  return views;
}

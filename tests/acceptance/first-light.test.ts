import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Served } from "./support/served.ts";
import { tinyPersona, World } from "./support/world.ts";

/** The main job from end to end: the real daemon, the real command, a real engine, real packages. */
let world: World;

beforeAll(async () => {
  world = await World.shared();
  await world.publish(tinyPersona());
});
afterAll(() => world?.close());

/** A test that fails leaves nothing to the next one. */
afterEach(async () => {
  for (const { workspace_id } of JSON.parse((await world.guise("ps", "--json")).stdout) as { workspace_id: string }[])
    await world.guise("release", workspace_id);
});

const idOf = (stdout: string) => stdout.trim().split("\n").at(-1) ?? "";

async function statusOf() {
  const { nodes } = JSON.parse((await world.guise("admin", "status", "--json")).stdout) as {
    nodes: { allocated: Record<string, number>; free: { ram: number } }[];
  };
  return nodes[0];
}

describe("a persona is requested, used and given back", () => {
  test("settings and parameters of the environment are where applications read them, and nothing is left", async () => {
    const requested = await world.guise("request", "tiny", "--environment", "staging", "--param", "region=UK");
    expect(requested.stderr).toContain("ready Tiny");
    expect(requested.exit).toBe(0);
    const workspace = idOf(requested.stdout);
    const look = await world.guise(
      "exec",
      "tiny",
      "--",
      "sh",
      "-c",
      "echo $REPORT_REGION $REPORT_BUCKET; jq -r .theme ~/.config/tiny.json; ls /data/sample-sales",
    );
    expect(look.stdout).toMatch(/^UK reports-staging\nlight\n/);
    expect(look.stdout).toContain("sales.csv");
    // the main container; its guard comes from the pool and bears nobody's name
    expect(await world.containersOf(workspace)).toBe(1);

    const released = await world.guise("release", "tiny", "--json");
    const receipt = JSON.parse(released.stdout) as { freed: Record<string, number>; deleted: string[]; kept: unknown[] };
    expect(receipt.freed).toMatchObject({ cpu: 500, ingress: 20e6, egress: 20e6 });
    expect([receipt.deleted, receipt.kept]).toEqual([["sandbox", "home"], []]);
    expect(await world.containersOf(workspace)).toBe(0);
    expect((await statusOf())?.allocated).toEqual({ cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 });
  });

  test("inside, nobody is root, nothing but home and temporary folders can be written, and limits hold", async () => {
    await world.guise("request", "tiny");
    const inside = async (script: string) => (await world.guise("exec", "tiny", "--", "bash", "-c", script)).stdout.trim();
    expect(await inside("id -u")).not.toBe("0");
    expect(await inside("grep -h Cap /proc/self/status | awk '{print $2}' | sort -u")).toBe("0000000000000000");
    expect(
      await inside(
        "for f in / /usr /etc /opt /data/sample-sales; do touch $f/x 2>/dev/null && echo $f; done; touch ~/x /tmp/x && echo home",
      ),
    ).toBe("home");
    expect(await inside("dd if=/dev/zero of=~/full bs=1M count=100 2>&1 | head -1; rm ~/full")).toContain("No space left on device");
    const cpu = "perl -e 'my $end = time + 4; 1 while time < $end; my ($u, $s) = times; print $u + $s'";
    expect(Number(await inside(`${cpu}`))).toBeLessThan(4 * 0.5 * 1.1 + 0.5);
    await world.guise("release", "tiny");
  });

  test("files come in and go out, a command's exit code passes through, packages outside the catalog can be launched", async () => {
    await world.guise("request", "tiny");
    const brought = world.file("brought.txt", "brought in\n");
    expect((await world.guise("cp", brought, "tiny:notes/brought.txt")).exit).toBe(0);
    expect((await world.guise("exec", "tiny", "--", "cat", "/home/user/notes/brought.txt")).stdout).toBe("brought in\n");
    const out = join(brought, "..", "out");
    mkdirSync(out);
    expect((await world.guise("cp", "tiny:notes", out)).exit).toBe(0);
    const found = [join(out, "brought.txt"), join(out, "notes", "brought.txt")]
      .map((path) => tryRead(path))
      .find((text) => text !== undefined);
    expect(found).toBe("brought in\n");
    rmSync(out, { recursive: true });
    expect((await world.guise("exec", "tiny", "--", "sh", "-c", "exit 7")).exit).toBe(7);
    const launched = await world.guise("launch", "tiny", "jq", "--", "-n", "6 * 7");
    expect([launched.exit, launched.stdout.trim()]).toEqual([0, "42"]);
    expect((await world.guise("launch", "tiny", "jqq")).stderr).toContain("jq");
    await world.guise("release", "tiny");
  });
});

describe("people", () => {
  test("an application that the persona describes itself is served at an address of the person's machine", async () => {
    const serve = [
      "my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8099, Listen => 5, ReuseAddr => 1) or die $!;",
      'while (my $c = $s->accept) { <$c>; print $c "HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\nConnection: close\\r\\n\\r\\n$ENV{WORD}\\n"; close $c }',
    ].join(" ");
    const preview = { kind: "web", command: ["perl", "-MIO::Socket::INET", "-e", serve], port: 8099, variables: { WORD: "hello" } };
    await world.publish(tinyPersona({ persona_id: "own", applications: { preview } }));
    expect((await world.guise("request", "own", "--no-launch")).exit).toBe(0);
    const serving = world.begin("owner", "launch", "own", "preview", "--port", "7177");
    const served = await Served.by(serving, 7177);
    await served.open();
    expect((await served.get("/")).body).toBe("hello\n");
    serving.interrupt();
    await serving.ended;
    await world.guise("release", "own");
  });

  test("two ask for the same persona side by side; each other's workspace is as if it were not there", async () => {
    await world.signIn("ann", ["engineering"]);
    await world.signIn("bob", ["engineering"]);
    const [a, b] = await Promise.all([world.as("ann", "request", "tiny"), world.as("bob", "request", "tiny")]);
    expect([a.exit, b.exit]).toEqual([0, 0]);
    const foreign = await world.as("ann", "exec", idOf(b.stdout), "--", "true");
    const absent = await world.as("ann", "exec", "w-aaaaaaaaaaaaaaaaaaaa", "--", "true");
    expect(foreign.exit).toBe(4);
    expect(foreign.stderr.replaceAll(idOf(b.stdout), "ID")).toBe(absent.stderr.replaceAll("w-aaaaaaaaaaaaaaaaaaaa", "ID"));
    expect((await world.as("ann", "admin", "status")).exit).toBe(3);
    await Promise.all([world.as("ann", "release", "tiny"), world.as("bob", "release", "tiny")]);
  });

  test("the same request twice gives one workspace", async () => {
    const [first, second] = await Promise.all([world.guise("request", "tiny"), world.guise("request", "tiny")]);
    expect(idOf(first.stdout)).toBe(idOf(second.stdout));
    await world.guise("release", "tiny");
  });
});

describe("bad definitions", () => {
  test("a wrong application, setting, unit and field are four problems of one answer, and nothing is stored", async () => {
    const wrong = tinyPersona({
      persona_id: "wrong",
      required_applications: ["jupyterlb", "git"],
      application_configuration: { git: { user_nam: "x" } },
      resource_requirements: { cpu: "1", ram: "4GB", storage: "1Gi", network_bandwidth: "10Mbit" },
      environments: {},
      colour: "red",
    });
    const { exit, stderr } = await world.publish(wrong);
    expect(exit).toBe(6);
    expect(stderr).toContain("4 problems");
    for (const place of [
      "$.required_applications[0]",
      "$.application_configuration.git.user_nam",
      "$.resource_requirements.ram",
      "$.colour",
    ])
      expect(stderr).toContain(place);
    expect(stderr).toContain("nearest: jupyterlab");
    expect((await world.guise("persona", "list")).stdout).not.toContain("wrong");
  });

  test("broken JSON names line and column; hostile and huge documents are refused", async () => {
    const publish = (name: string, text: string) => world.guise("persona", "publish", world.file(name, text), "--group", "engineering");
    expect((await publish("broken.json", '{\n  "persona_id": oops\n}')).stderr).toContain("line 2, column");
    expect((await publish("proto.json", '{"__proto__": {"x": 1}}')).exit).toBe(6);
    expect((await publish("huge.json", JSON.stringify({ persona_id: "x".repeat(1_000_000) }))).exit).not.toBe(0);
  });
});

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

describe("one command in a workspace of its own", () => {
  test("gets its input, gives its output and exit code back, and leaves nothing", async () => {
    const words = world.file("words.txt", "one two three");
    const folder = world.path("result");
    const script = "wc -w < words.txt | tee ~/out/count; exit 5";
    const ran = await world.guise("run", "tiny", "-i", words, "-o", folder, "--", "sh", "-c", script);
    expect([ran.exit, ran.stdout.trim()]).toEqual([5, "3"]);
    expect(readFileSync(join(folder, "count"), "utf8").trim()).toBe("3");
    expect(JSON.parse((await world.guise("ps", "--json")).stdout)).toEqual([]);
    expect((await statusOf())?.allocated).toEqual({ cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 });
  });

  test("is given back when it is broken off, and stands beside a workspace that is held", async () => {
    await world.guise("request", "tiny", "--no-launch");
    const running = world.begin("owner", "run", "tiny", "--", "sh", "-c", "echo began; exec sleep 1000");
    await running.saw("began");
    // It goes to the command, which may tidy up.
    running.interrupt();
    expect((await running.ended).exit).toBe(130);
    const held = JSON.parse((await world.guise("ps", "--json")).stdout) as { name: string }[];
    expect(held.map(({ name }) => name)).toEqual(["main"]);
  });
});

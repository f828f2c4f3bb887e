import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomIds, systemClock } from "#foundation";
import type { Channel } from "../channel.ts";
import { canLookAlike, SandboxLookalike } from "../ssh/test-support/sandbox-lookalike.ts";
import { findLaunches, waitForExit } from "./found-launches.ts";
import { attachTerminal, beginLaunch, openCommand, readOutput, stopLaunch } from "./launch.ts";
import { startLaunch } from "./start-launch.ts";

const SCREEN = { columns: 100, rows: 30, type: "xterm-256color" };
const clock = systemClock;
const HTTP_SERVER = `
  my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die "no port: $!";
  print STDERR "listening as $ENV{GUISE_APP} in $ENV{PLACE}\\n";
  while (my $c = $s->accept) { my $l = <$c>; print $c "HTTP/1.1 204 Fine\\r\\n\\r\\n"; close $c }`;

const ECHO_WITH_SIZE = `
  $| = 1; $SIG{WINCH} = sub { print "size ", \`stty size\` }; print "began $ENV{TERM} $ENV{GUISE_APP} ", \`stty size\`;
  while (<STDIN>) { print "got $_"; exit 7 if /end/ }`;

describe.skipIf(!canLookAlike())("launching in a sandbox with the real OpenSSH and dtach", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  const newId = () => randomIds.next("l", 12);
  const found = async (launchId: string) => (await findLaunches(channel)).find((launch) => launch.launchId === launchId);

  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
  });
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test("a terminal outlives its viewer and the channel, repaints for the next, and its exit code is kept", async () => {
    const launchId = newId();
    const first = await sandbox.connect();
    const command = ["perl", "-e", ECHO_WITH_SIZE];
    await beginLaunch(first, { launchId, kind: "terminal", command, size: { columns: 90, rows: 20 } });
    const viewer = await attachTerminal(first, launchId, SCREEN);
    await shows(viewer.stdout, " 30 100");
    viewer.stdin.write("one\n");
    await shows(viewer.stdout, "got one");
    first.close();
    await first.closed;

    expect(await found(launchId)).toMatchObject({ state: "running", kind: "terminal", command });
    const again = await attachTerminal(channel, launchId, { ...SCREEN, columns: 70 });
    await shows(again.stdout, "size 30 70");
    again.stdin.write("end\n");
    again.stdout.resume();
    expect(await again.exited).toEqual({ exit: 7 });
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 7 });
    const late = await attachTerminal(channel, launchId, SCREEN);
    late.stdout.resume();
    expect(await late.exited).toEqual({ exit: 7 });
  });

  test("a shell shows its prompt to who comes later", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["bash", "--norc"], variables: { PS1: "ready> " } });
    for (let i = 0; i < 2; i++) {
      const viewer = await attachTerminal(channel, launchId, SCREEN);
      await shows(viewer.stdout, "ready> ");
      viewer.close();
    }
    await stopLaunch(channel, launchId);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 129 });
  });

  test("a program that ends at once is heard, and nothing but the program", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["sh", "-c", "echo no such host; exit 2"] });
    const viewer = await attachTerminal(channel, launchId, SCREEN);
    let said = "";
    for await (const bytes of viewer.stdout) said += String(bytes);
    expect(said).toContain("no such host\r\n");
    expect(said).not.toContain("dtach");
    expect(said.split("no such host\r\n")[1]).not.toContain("\u001b[999H");
    expect(await viewer.exited).toEqual({ exit: 2 });
  });

  test("leaving a terminal leaves its program", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "terminal", command: ["cat"] });
    const viewer = await attachTerminal(channel, launchId, SCREEN);
    viewer.stdin.write("x\n");
    await shows(viewer.stdout, "x");
    viewer.close();
    expect((await found(launchId))?.state).toBe("running");
    await stopLaunch(channel, launchId);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 143 });
  });

  test("a web application is ready when its port answers, has its variables, and keeps its output", async () => {
    const launchId = newId();
    await startLaunch(
      channel,
      {
        launchId,
        kind: "web",
        command: ["perl", "-MIO::Socket::INET", "-e", HTTP_SERVER, "8801"],
        variables: { PLACE: "it's $HOME" },
        readiness: { port: 8801, path: "/status?x=1", within: 10_000 },
      },
      { clock },
    );
    expect(await readOutput(channel, launchId)).toBe(`listening as ${launchId} in it's $HOME\n`);
    const launch = await found(launchId);
    expect(launch).toMatchObject({ state: "running", kind: "web" });
    expect(Math.abs((launch?.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await stopLaunch(channel, launchId);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 143 });
    await stopLaunch(channel, launchId);
  });

  test("a web application that ends before it is ready is a failed launch with its last words, at once", async () => {
    const launchId = newId();
    const command = ["bash", "-c", "echo $'\\e[31mno such table'; exit 3"];
    const starting = startLaunch(channel, { launchId, kind: "web", command, readiness: { port: 8802, within: 60_000 } }, { clock });
    await expect(starting).rejects.toMatchObject({
      code: "launch_failed",
      message: expect.stringMatching(/ended with 3\n\[31mno such table$/),
    });
  });

  test("a web application that never answers is stopped", async () => {
    const launchId = newId();
    const readiness = { socket: "/run/guise/none", within: 300 };
    const starting = startLaunch(channel, { launchId, kind: "web", command: ["sleep", "1000"], readiness }, { clock });
    await expect(starting).rejects.toMatchObject({ code: "launch_failed" });
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 143 });
  });

  test("output is bounded, and its end is kept", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "command", command: ["sh", "-c", "seq 1 100000; echo last"] });
    expect(await waitForExit(channel, launchId)).toBe(0);
    await expect.poll(async () => (await readOutput(channel, launchId)).endsWith("100000\nlast\n")).toBe(true);
    expect((await readOutput(channel, launchId)).length).toBe(65_536);
    const { stdout } = await channel.run(`du -sk /run/guise/launches/${launchId}`);
    expect(Number.parseInt(stdout, 10)).toBeLessThan(200);
  });

  test("what ignores the request to end, or left its session, is ended all the same", async () => {
    const launchId = newId();
    const program = "trap '' TERM HUP; setsid sh -c 'trap \"\" TERM; while :; do sleep 0.2; done' & while :; do sleep 0.2; done";
    await beginLaunch(channel, { launchId, kind: "command", command: ["bash", "-c", program] });
    await stopLaunch(channel, launchId, 200);
    expect(await found(launchId)).toMatchObject({ state: "exited", exit: 137 });
    expect((await channel.run(`grep -lzx GUISE_APP=${launchId} /proc/[0-9]*/environ 2> /dev/null | wc -l`)).stdout).toBe("0\n");
  });

  test("arguments, folder and variables arrive as they are", async () => {
    const launchId = newId();
    await channel.run("mkdir -p '~odd' 'a folder'");
    const command = ["sh", "-c", 'printf "%s|" "$PWD" "$A" "$@"', "sh", "it's", "$(id)", "", "a\nb", "é"];
    await beginLaunch(channel, { launchId, kind: "command", command, workingDirectory: "~/a folder", variables: { A: "'\n$x" } });
    await waitForExit(channel, launchId);
    await expect.poll(() => readOutput(channel, launchId)).toBe("/home/user/a folder|'\n$x|it's|$(id)||a\nb|é|");
  });

  test("a program or folder that is not there, or an id used before, is a failed launch", async () => {
    const launchId = newId();
    const spec = { launchId, kind: "command", command: ["no-such-program"] } as const;
    await expect(beginLaunch(channel, spec)).rejects.toMatchObject({
      code: "launch_failed",
      message: "there is no program no-such-program",
    });
    await expect(beginLaunch(channel, { ...spec, command: ["true"], workingDirectory: "/none" })).rejects.toMatchObject({
      message: "there is no folder /none",
    });
    await beginLaunch(channel, { ...spec, command: ["true"] });
    await expect(beginLaunch(channel, { ...spec, command: ["true"] })).rejects.toMatchObject({ code: "launch_failed" });
    await expect(beginLaunch(channel, { ...spec, launchId: "../x" })).rejects.toMatchObject({ code: "launch_failed" });
    await expect(beginLaunch(channel, { ...spec, launchId: newId(), command: ["a\0b"] })).rejects.toMatchObject({ code: "launch_failed" });
  });

  test("a launch whose processes were killed from inside is lost", async () => {
    const launchId = newId();
    await beginLaunch(channel, { launchId, kind: "command", command: ["sleep", "1000"] });
    await channel.run(`read pid rest < /run/guise/launches/${launchId}/pid; pkill -KILL -s $pid`);
    await expect.poll(async () => (await found(launchId))?.state).toBe("lost");
    expect(await waitForExit(channel, launchId)).toBeUndefined();
  });

  test("of many launches that ended the oldest are forgotten, one that runs is not", async () => {
    const running = newId();
    await beginLaunch(channel, { launchId: running, kind: "command", command: ["sleep", "1000"] });
    const record = JSON.stringify({ kind: "command", command: ["true"] });
    await channel.run(`cd /run/guise/launches; touch -d @1 ${running}; for i in $(seq 1 150); do mkdir old-$i; echo '${record}' > old-$i/launch.json
      echo "0 1" > old-$i/exit; touch -d @$((i + 10)) old-$i; done`);
    await beginLaunch(channel, { launchId: newId(), kind: "command", command: ["true"] });
    const ids = (await findLaunches(channel)).map(({ launchId }) => launchId);
    expect(ids.length).toBeLessThanOrEqual(101);
    expect(ids).toContain(running);
    expect(ids).toContain("old-150");
    expect(ids).not.toContain("old-1");
    await stopLaunch(channel, running, 500);
  });

  test("a command in the foreground has the caller's streams and exit code", async () => {
    const running = await openCommand(channel, ["sh", "-c", 'read x; echo "$x $1"; exit 9', "sh", "it's"]);
    running.stdin.end("in\n");
    await shows(running.stdout, "in it's");
    expect((await running.exited).exit).toBe(9);
  });
});

async function shows(output: NodeJS.ReadableStream, text: string): Promise<void> {
  let shown = "";
  const collect = (data: Buffer) => {
    shown += data;
  };
  output.on("data", collect);
  while (!shown.includes(text)) await once(output, "data");
  output.off("data", collect);
}

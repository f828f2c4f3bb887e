import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomIds, systemClock } from "#foundation";
import type { Channel } from "../channel.ts";
import { applyPersonalLayer } from "../personal-layer/apply-personal-layer.ts";
import { programsProbe, waitUntilReady } from "../readiness.ts";
import { canLookAlike, SandboxLookalike } from "../ssh/test-support/sandbox-lookalike.ts";
import { findLaunches, waitForExit } from "./found-launches.ts";
import { joinTerminal } from "./join-terminal.ts";
import { beginLaunch, openCommand, readOutput, stopLaunch } from "./launch.ts";

/** Says INTRUDED, as a program, a shell's file, or a perl module; and stands in the way of what it is called after. */
const INTRUDER = "#!/bin/sh\necho INTRUDED\nexit 77\n";
const NAMES = [
  "sh",
  "bash",
  "perl",
  "tar",
  "find",
  "head",
  "cat",
  "mkdir",
  "stat",
  "date",
  "setsid",
  "sleep",
  "env",
  "mv",
  "pkill",
  "tail",
  "ls",
];
/** Variables that make other programs of Guise's own, were they to have them. All name what lies in the home: it is the author's, or anybody's inside. */
const VARIABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  PATH: { PATH: "/home/user/evil" },
  "PATH that keeps the system's": { PATH: "/home/user/evil:/usr/bin:/bin" },
  BASH_ENV: { BASH_ENV: "/home/user/evil.sh" },
  ENV: { ENV: "/home/user/evil.sh" },
  LD_PRELOAD: { LD_PRELOAD: "/home/user/no-such-library.so" },
  LD_LIBRARY_PATH: { LD_LIBRARY_PATH: "/home/user/evil" },
  SHELLOPTS: { SHELLOPTS: "noexec:xtrace:verbose" },
  BASHOPTS: { BASHOPTS: "extdebug" },
  PS4: { PS4: "$(echo INTRUDED)", SHELLOPTS: "xtrace" },
  IFS: { IFS: "/ue" },
  CDPATH: { CDPATH: "/home/user/evil:/" },
  HOME: { HOME: "/nowhere" },
  TMPDIR: { TMPDIR: "/nowhere" },
  PERL5OPT: { PERL5OPT: "-Mevil", PERL5LIB: "/home/user/evil" },
  TAR_OPTIONS: { TAR_OPTIONS: "--exclude=* --verbose" },
  GREP_OPTIONS: { GREP_OPTIONS: "-v", GREP_COLORS: "x" },
  "locale and time": { LC_ALL: "tr_TR.UTF-8", LANGUAGE: "de", TZ: "Nowhere/Else", POSIXLY_CORRECT: "1" },
  TERM: { TERM: "nothing", TERMINFO: "/home/user/evil" },
};
/** The shell of the test's own program forgets the first; a terminal has its own of the second. */
const SET_ANEW = ["IFS", "TERM"];

describe.skipIf(!canLookAlike())("Guise's own programs in a sandbox run with an environment of their own", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
    for (const name of NAMES) await channel.writeFile(`~/evil/${name}`, Buffer.from(INTRUDER), 0o755);
    await channel.writeFile("~/evil/evil.pm", Buffer.from('print "INTRUDED\\n"; exit 77; 1;'), 0o644);
    await channel.writeFile("~/evil.sh", Buffer.from("echo INTRUDED\nexit 77\n"), 0o644);
    await channel.writeFile("~/fine", Buffer.from("fine"), 0o644);
  });
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test.each(Object.entries(VARIABLES))("%s", async (_, variables) => {
    const layer = { id: "l", digest: "d", files: [], variables, programs: ["/usr/bin/env"] };
    await applyPersonalLayer(channel, layer, { within: 20_000, clock: systemClock });
    // Again, now that they are in force.
    expect(await applyPersonalLayer(channel, layer, { within: 20_000, clock: systemClock })).toMatchObject({ unwritten: [] });
    await waitUntilReady(channel, [programsProbe(["/usr/bin/env"])], { within: 5_000, clock: systemClock });
    expect((await channel.files().list("~")).map(({ name }) => name).sort()).toEqual(["evil", "evil.sh", "fine"]);
    expect(await channel.run("exec tar -C . -cf - ./fine | tar -tf -")).toEqual({ exit: 0, stdout: "./fine\n", stderr: "" });
    await launches(channel, variables);
    await holdsTerminals(channel);
  });

  test("a person's own commands have them, and nothing is run before them", async () => {
    const apply = (variables: Readonly<Record<string, string>>) =>
      applyPersonalLayer(channel, { id: "l", digest: "d", files: [], variables, programs: [] }, { within: 20_000, clock: systemClock });
    await apply({ BASH_ENV: "/home/user/evil.sh", PATH: "/home/user/evil:/usr/bin:/bin", REGION: "EU" });
    const said = async (...command: string[]) => text((await openCommand(channel, command, { variables: { OF: "it's" } })).stdout);
    expect(await said("/bin/sh", "-c", 'echo "$REGION $OF $BASH_ENV"')).toBe("EU it's /home/user/evil.sh\n");
    expect(await said("find")).toBe("INTRUDED\n");
    expect((await (await openCommand(channel, ["-c", "echo"])).exited).exit).toBe(127);
  });
});

async function launches(channel: Channel, variables: Readonly<Record<string, string>>): Promise<void> {
  const launchId = randomIds.next("l", 12);
  await beginLaunch(channel, { launchId, kind: "command", command: ["/bin/busybox-or-none"] }).then(
    () => expect.unreachable("there is no such program"),
    (error: unknown) => expect(error).toMatchObject({ code: "launch_failed", message: "there is no program /bin/busybox-or-none" }),
  );
  await beginLaunch(channel, {
    launchId,
    kind: "command",
    command: ["/bin/dash", "-c", 'read -r line; echo "$line"; exec /bin/sleep 1000'],
  });
  expect(await findLaunches(channel)).toContainEqual(expect.objectContaining({ launchId, state: "running" }));
  // The kernel's word for what the program was given: with some of them no program would come to say it.
  const seen = await channel.run("until p=$(pgrep -x -f '/bin/sleep 1000'); do sleep 0.02; done; exec cat /proc/$p/environ");
  for (const [name, value] of Object.entries(variables))
    if (!SET_ANEW.includes(name)) expect(seen.stdout.split("\0")).toContain(`${name}=${value}`);
  await stopLaunch(channel, launchId, 2000);
  expect(await waitForExit(channel, launchId)).toBeGreaterThan(0);
  expect(await readOutput(channel, launchId)).not.toContain("INTRUDED");
}

async function holdsTerminals(channel: Channel): Promise<void> {
  const launchId = randomIds.next("l", 12);
  await beginLaunch(channel, {
    launchId,
    kind: "terminal",
    command: ["/bin/dash", "-c", "/bin/stty -echo; echo shown; read line; exit 5"],
  });
  const terminal = await joinTerminal(channel, launchId, { viewer: "ann", from: 0, size: { columns: 80, rows: 24 } });
  let shown = "";
  const exit = await new Promise((resolve, reject) => {
    terminal.handle({
      output: (bytes) => {
        shown += bytes.toString();
        // It ends when it was seen: one that is over when its viewer comes has its last words elsewhere.
        if (shown.includes("shown\r\n")) terminal.input(Buffer.from("\n"));
        terminal.taken(terminal.standing.offset + shown.length);
      },
      received: () => {},
      exited: resolve,
      lost: reject,
    });
  });
  expect({
    exit,
    shown: shown
      .replaceAll("\r", "")
      .split("\n")
      .filter((line) => !line.startsWith("ERROR: ld.so")),
  }).toEqual({ exit: 5, shown: ["shown", ""] });
  terminal.close();
}

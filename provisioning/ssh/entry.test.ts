import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Channel } from "../channel.ts";
import { findLaunches, waitForExit } from "../launching/found-launches.ts";
import { beginLaunch, readOutput } from "../launching/launch.ts";
import { canLookAlike, SandboxLookalike } from "./test-support/sandbox-lookalike.ts";

/** Whatever a workspace does to what it can write, the next channel opens, and applications are launched over it. */
describe.skipIf(!canLookAlike())("what a workspace does to shut everybody out", () => {
  let sandbox: SandboxLookalike;
  let count = 0;

  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  async function does(act: string): Promise<void> {
    const channel = await sandbox.connect();
    // What it does may end the channel that it is done over.
    await channel.run(act).catch(() => {});
    channel.close();
  }

  async function launchedOver(channel: Channel): Promise<void> {
    const launchId = `l-${count++}`;
    await beginLaunch(channel, { launchId, kind: "web", command: ["echo", "here I am"] });
    expect(await waitForExit(channel, launchId)).toBe(0);
    await expect.poll(() => readOutput(channel, launchId)).toBe("here I am\n");
  }

  test.each([
    ["kills every server", "pkill -KILL sshd"],
    ["overwrites the keys of before", "echo none > /run/guise/authorized_keys; echo none > /run/guise/host_ed25519"],
    ["empties its users", ": > /run/identity/passwd; : > /run/identity/group"],
    ["removes its users", "rm -rf /run/identity/*"],
    ["changes its shell", "sed -i s,/usr/lib/guise/shell,/bin/false, /run/identity/passwd"],
    ["fills the folder of its users", "cd /run/identity; rm -f passwd; head -c 1m /dev/zero > fill"],
    ["closes its folders", "chmod 0 /run/guise/launches /run/guise /run/identity/*"],
    ["removes all that is noted", "rm -rf /run/guise/* /run/guise/launches/*"],
    ["fills its folder", "head -c 32m /dev/zero > /run/guise/fill"],
    ["has variables that end every shell", "echo 'exit 9' > /run/guise/env"],
    ["has variables that are no shell text", "echo 'if (' > /run/guise/env"],
    [
      "has a bash of its own",
      "mkdir -p ~/bin; printf '#!/bin/sh\\nexit 9\\n' > ~/bin/bash; chmod +x ~/bin/bash; echo 'PATH=~/bin:$PATH' > /run/guise/env",
    ],
  ])("it %s", async (_what, act) => {
    await does(act);
    const channel = await sandbox.connect();
    expect(await channel.run("whoami")).toMatchObject({ exit: 0, stdout: "user\n" });
    await launchedOver(channel);
    await channel.run("rm -rf ~/bin /run/guise/env /run/guise/fill");
    channel.close();
  });

  test("once its users are kept, it cannot touch them, whatever it made of them before", async () => {
    await does(
      "cd /run/identity; rm -f *; mkdir group passwd junk; touch group/x junk/x; ln -s /dev/zero link; head -c 8k /dev/zero > fill",
    );
    expect(await sandbox.keepIdentity()).toBe("");
    const channel = await sandbox.connect();
    const { stdout } = await channel.run(
      "cd /run/identity; for act in 'rm -f passwd' 'mkfifo pipe' 'mv group other' 'chmod 777 .'; do sh -c \"$act\" 2> /dev/null && echo did $act; done; ls -d passwd group; whoami",
    );
    expect(stdout).toBe("group\npasswd\nuser\n");
    await launchedOver(channel);
    channel.close();
  });

  test("it floods its launches: the oldest that ended make room, and where none can it is said", async () => {
    const channel = await sandbox.connect();
    await channel.run(
      "cd /run/guise/launches; for i in $(seq 20); do mkdir old-$i; echo 0 1 > old-$i/exit; head -c 1m /dev/zero > old-$i/output; done",
    );
    await launchedOver(channel);
    await channel.run("cd /run/guise/launches; rm -rf *; head -c 32m /dev/zero > fill");
    await expect(launchedOver(channel)).rejects.toMatchObject({
      code: "launch_failed",
      message: expect.stringContaining("/run/guise/launches is full; end some, or pause and resume the workspace"),
    });
    await channel.run("rm -f /run/guise/launches/fill");
    await launchedOver(channel);
    expect((await findLaunches(channel)).every(({ state }) => state === "exited")).toBe(true);
    channel.close();
  });
});

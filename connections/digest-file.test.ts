import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLog, systemClock } from "#foundation";
import { canLookAlike, SandboxLookalike } from "#provisioning/sandbox-lookalike";
import { digestFile } from "./digest-file.ts";
import { type OpenChannel, SharedChannels } from "./shared-channels.ts";

describe.skipIf(!canLookAlike())("a checksum of a sandbox's file", () => {
  let sandbox: SandboxLookalike;
  let channels: SharedChannels;
  const light: OpenChannel = () => channels.lease({ workspace: "w", generation: 1 }, "light");

  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channels = new SharedChannels({ connect: () => sandbox.connect(), clock: systemClock, log: silentLog });
  });
  afterAll(async () => {
    channels?.close();
    await sandbox?.[Symbol.asyncDispose]();
  });

  test("is that of its content; what is no file has none", async () => {
    const { channel, release } = await light();
    await channel.run('printf abc > "it\'s \\$(id)"; mkdir dir; ln -s /etc/passwd link');
    release();
    expect(await digestFile(light, "~/it's $(id)")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    await expect(digestFile(light, "nothing")).rejects.toMatchObject({ code: "file_not_found" });
    for (const path of ["dir", "link", "/dev/zero"]) await expect(digestFile(light, path)).rejects.toMatchObject({ code: "file_failed" });
  });
});

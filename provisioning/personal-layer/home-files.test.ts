import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "#foundation";
import type { Channel, RunResult } from "../channel.ts";
import { canLookAlike, SandboxLookalike } from "../ssh/test-support/sandbox-lookalike.ts";
import { applyPersonalLayer, type PersonalFile } from "./apply-personal-layer.ts";
import { type HomeFile, readHomeFile, type Swap, swapHomeFiles } from "./home-files.ts";

test.each([
  { exit: 0, stdout: "content 0 644 0g\n" },
  { exit: 0, stdout: "content 1 absent\n" },
  { exit: 0, stdout: "" },
  { exit: 1, stdout: "content 0 absent\n" },
])("what a sandbox says is not believed where it makes no sense: %j", async (answer) => {
  const channel = { run: async (): Promise<RunResult> => ({ stderr: "", ...answer }) } as unknown as Channel;
  await expect(readHomeFile(channel, "~/a")).rejects.toMatchObject({ code: "configuration_failed" });
  const swap = { path: "~/a", before: undefined, content: Buffer.from("x"), mode: 0o600, keeps: false };
  await expect(swapHomeFiles(channel, [swap])).rejects.toMatchObject({ code: "configuration_failed" });
});

describe.skipIf(!canLookAlike())("files of a home", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  const shell = async (command: string) => (await channel.run(command)).stdout;
  const read = async (path: string): Promise<string> => {
    const found: HomeFile = await readHomeFile(channel, path);
    return found.kind === "file" ? `${found.mode.toString(8)} ${found.content}` : found.kind;
  };
  const swap = async (one: Partial<Swap>) =>
    (await swapHomeFiles(channel, [{ path: "~/f", before: undefined, content: Buffer.from("new"), mode: 0o640, keeps: false, ...one }]))[0];
  const meet = (files: readonly Partial<PersonalFile>[], ledger = "all") =>
    applyPersonalLayer(
      channel,
      {
        ...{ id: "layer-1", digest: "sha256:1", variables: {}, programs: [] },
        files: files.map((file) => ({ path: "~/f", content: Buffer.from("new"), mode: 0o640, apply: "met" as const, ...file })),
        ledger: { path: "~/.local/state/guise/files.json", content: Buffer.from(ledger), mode: 0o600 },
      },
      { within: 20_000, clock: systemClock },
    );
  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
  });
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test("what is there is met and stays; the ledger is written once all is as it should be", async () => {
    await shell(
      "mkdir met; echo mine > met/mine; printf new > met/same; ln -s mine met/link; mkfifo met/pipe; mkdir met/folder; ln -s met/folder through",
    );
    const paths = ["~/met/mine", "~/met/same", "~/met/link", "~/met/pipe", "~/met/folder", "~/met/absent", "~/through/f"];
    const { met, unwritten } = await meet(paths.map((path) => ({ path })));
    expect([met, unwritten]).toEqual([["~/met/mine", "~/met/link", "~/met/pipe", "~/met/folder", "~/through/f"], []]);
    expect(await shell("cat met/mine met/same met/absent; ls met/folder; ls .local 2>&1 | wc -l")).toBe("mine\nnewnew1\n");
    expect((await meet([{ path: "~/met/same" }, { path: "~/met/absent" }])).met).toEqual([]);
    expect(await shell("cat .local/state/guise/files.json; stat -c ' %a' .local/state/guise/files.json")).toBe("all 600\n");
  });

  test("are read as they are, and nothing but plain files is opened", async () => {
    await shell(
      "mkdir r; printf 'a\\000\\377' > r/odd; chmod 640 r/odd; head -c 262144 /dev/zero > r/fits; head -c 262145 /dev/zero > r/large; mkfifo r/pipe; mkdir r/d; ln -s odd r/link; ln -s d r/way; echo x > r/d/x; touch r/closed; chmod 000 r/closed; truncate -s 2G r/huge; ln -s /dev/zero r/zero",
    );
    const odd = await readHomeFile(channel, "~/r/odd");
    expect(odd).toEqual({ kind: "file", content: Buffer.from([97, 0, 255]), mode: 0o640 });
    expect((await read("~/r/fits")).length).toBe(4 + 262_144);
    for (const [path, found] of [
      ["~/r/large", "large"],
      ["~/r/huge", "large"],
      ["~/r/zero", "other"],
      ["~/r/pipe", "other"],
      ["~/r/d", "other"],
      ["~/r/link", "other"],
      ["~/r/way/x", "other"],
      ["~/r/odd/x", "other"],
      ["~/r/none", "absent"],
      ["~/none/none", "absent"],
      ["~/r/closed", "refused"],
    ])
      expect([path, await read(path as string)]).toEqual([path, found]);
    expect(await shell("ls none 2>&1 | wc -l")).toBe("1\n");
  });

  test("are swapped whole, only for what was read, and one earlier copy stays beside what is replaced", async () => {
    await shell("mkdir s; echo one > s/f");
    const path = "~/s/f";
    expect(await swap({ path, before: Buffer.from("two\n") })).toBe("changed");
    expect(await swap({ path, before: Buffer.from("one\n"), mode: 0o600 })).toBe("done");
    expect(await shell("cat s/f; stat -c ' %a' s/f; ls -A s")).toBe("new 600\nf\n");
    await shell("echo mine > s/f");
    for (let times = 0; times < 2; times += 1) expect(await swap({ path, keeps: true })).toBe("done");
    expect(await shell("cat s/f; cat s/f.yours; ls -A s")).toBe("newnewf\nf.yours\n");
    await shell("cd s; rm f f.yours; echo target > target; ln -s target f");
    expect(await swap({ path, keeps: true })).toBe("done");
    expect(await shell("cat s/f s/target; readlink s/f.yours; ls -A s")).toBe("newtarget\ntarget\nf\nf.yours\ntarget\n");
  });

  test("a swap that ended between its two names is made again", async () => {
    await shell("mkdir half; echo mine > half/f; ln half/f half/f.yours");
    expect(await swap({ path: "~/half/f", keeps: true })).toBe("done");
    expect(await shell("cat half/f half/f.yours; ls -A half")).toBe("newmine\nf\nf.yours\n");
  });

  test("what is in the way stays", async () => {
    await shell("mkdir w w/f w/g.yours; echo x > w/g; echo x > w/plain; mkdir w/shut; touch w/shut/f; chmod 500 w/shut; ln -s w way");
    expect(await swap({ path: "~/w/f", keeps: true })).toBe("other");
    expect(await swap({ path: "~/w/g", keeps: true })).toBe("refused");
    expect(await swap({ path: "~/w/plain/f" })).toBe("other");
    expect(await swap({ path: "~/way/new" })).toBe("other");
    expect(await swap({ path: "~/w/shut/f" })).toBe("refused");
    expect(await swap({ path: "~/w/made/deep/f" })).toBe("done");
    expect(await shell("cat w/g w/made/deep/f; find w -name '.guise*'")).toBe("x\nnew");
  });
});

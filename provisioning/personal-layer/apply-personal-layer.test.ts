import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "#foundation";
import type { Channel, RunOptions } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { openCommand } from "../launching/launch.ts";
import { missingPrograms } from "../missing-programs.ts";
import { canLookAlike, SandboxLookalike } from "../ssh/test-support/sandbox-lookalike.ts";
import { type ApplyOptions, applyPersonalLayer, encodeLayer, type PersonalFile, type PersonalLayer } from "./apply-personal-layer.ts";
import { LayerWords } from "./layer-words.ts";

function layer(files: readonly Partial<PersonalFile>[], variables: Record<string, string> = {}, programs: readonly string[] = []) {
  const whole = files.map((file) => ({ path: "~/f", content: Buffer.from("new"), mode: 0o640, apply: "enforced" as const, ...file }));
  return { id: "layer-1", digest: "sha256:1", files: whole, variables, programs };
}

/** What a person's command sees. */
async function seenBy(channel: Channel, script: string): Promise<string> {
  return text((await openCommand(channel, ["sh", "-c", script])).stdout);
}

test.each([
  "",
  "~",
  "~/",
  "/etc/passwd",
  "/run",
  "/run/../etc/x",
  "~/a//b",
  "~/../x",
  "~/a/./b",
  "relative",
  "~user/x",
  "/run/guise/env",
  "/run/guise/launches/x/pid",
  "~/a\0",
])("%j is no place for a file", (path) => {
  expect(() => encodeLayer(layer([{ path }]))).toThrow(expect.objectContaining({ code: "configuration_failed" }));
});

test.each(["A;id", "OPTIND"])("a variable that no shell takes is refused: %s", (name) => {
  expect(() => encodeLayer(layer([], { [name]: "x" }))).toThrow(expect.objectContaining({ code: "configuration_failed" }));
});

test("a sandbox that does not take it is given up in time, and a start that is called off does not wait", async () => {
  const run = (_: string, { signal }: RunOptions = {}) =>
    new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(new ProvisioningError("cancelled", "it was ended"))));
  const apply = (over: Partial<ApplyOptions>) =>
    applyPersonalLayer({ run } as unknown as Channel, layer([]), { within: 20_000, clock: systemClock, ...over });
  await expect(apply({ within: 50 })).rejects.toMatchObject({ code: "configuration_failed", message: expect.stringContaining("0.05 s") });
  await expect(apply({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: "cancelled" });
});

describe.skipIf(!canLookAlike())("the personal layer in a sandbox", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  const shell = async (command: string) => (await channel.run(command)).stdout;
  const apply = (what: PersonalLayer) => applyPersonalLayer(channel, what, { within: 20_000, clock: systemClock });
  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
  });
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });

  test("files are written with their folders, bytes and modes, and variables reach every command of the person's", async () => {
    const odd = Buffer.from([0, 10, 255, 39]);
    await apply(
      layer(
        [
          { path: "~/.config/app/settings.json" },
          { path: "~/odd né", content: odd, mode: 0o600 },
          { path: "/run/guise/files/secret", mode: 0o400 },
        ],
        {
          REGION: "U'K\n$HOME",
          PATH: "/usr/local/bin:/usr/bin:/bin:/opt/x",
        },
      ),
    );
    expect(
      await shell("cat .config/app/settings.json; stat -c ' %a %U' .config/app/settings.json /run/guise/files/secret /run/guise/env"),
    ).toBe("new 640 user\n 400 user\n 400 user\n");
    expect((await channel.readFile("~/odd né", 10)).equals(odd)).toBe(true);
    expect(await seenBy(channel, 'printf "%s|%s" "$REGION" "$PATH"')).toBe("U'K\n$HOME|/usr/local/bin:/usr/bin:/bin:/opt/x");
  });

  test("a default is left where the person has something, an enforced file is written each time", async () => {
    await shell("mkdir d; echo mine > d/default; echo mine > d/enforced; ln -s nowhere d/dangling");
    const files = [
      { path: "~/d/default", apply: "default" },
      { path: "~/d/enforced" },
      { path: "~/d/absent", apply: "default" },
      { path: "~/d/dangling", apply: "default" },
    ] as const;
    await apply(layer(files));
    await apply(layer(files));
    expect(await shell("cd d; cat default enforced absent; ls -A")).toBe("mine\nnewnewabsent\ndangling\ndefault\nenforced\n");
  });

  test("what is offered is written where nothing is, and nothing fails where it cannot be", async () => {
    await shell("mkdir -p o/folder; echo mine > o/file; ln -s nowhere o/link");
    const paths = ["~/o/absent", "~/o/file", "~/o/folder", "~/o/link", "~/o/file/below", "~/o/link/below", "/run/other/f"];
    const offered = paths.map((path) => ({ path, apply: "offered" as const }));
    const ledger = { path: "~/o/ledger", content: Buffer.from("all"), mode: 0o600 };
    expect(await apply({ ...layer(offered), ledger })).toMatchObject({ unwritten: [], met: [] });
    expect(await shell("cd o; cat absent file ledger; ls -A")).toBe("newmine\nallabsent\nfile\nfolder\nledger\nlink\n");
  });

  test("an editor and a shell that a person prefers are used where they are there", async () => {
    const said = (variables: Record<string, string>) =>
      apply(layer([], variables)).then(() => seenBy(channel, 'echo "$EDITOR|$VISUAL|$SHELL|$GUISE_EDITOR$GUISE_SHELL"'));
    expect(await said({ GUISE_EDITOR: "sed", GUISE_SHELL: "dash" })).toBe("sed|sed|/usr/bin/dash|\n");
    expect(await said({ GUISE_EDITOR: "none-such", GUISE_SHELL: "none" })).toBe("||/bin/bash|\n");
    expect(await said({ EDITOR: "theirs", GUISE_SHELL: "../../tmp/x" })).toBe("theirs||/bin/bash|\n");
    const options = { clock: systemClock, signal: new AbortController().signal };
    expect(await missingPrograms(channel, ["sed", "none-such", "bad;name"], options)).toEqual(["none-such"]);
  });

  test("no link is followed, on the way or at the end", async () => {
    await shell("mkdir shared; echo safe > shared/f; ln -s ~/shared planted; ln -s ~/shared/f planted-file");
    await expect(apply(layer([{ path: "~/planted/f" }]))).rejects.toMatchObject({ code: "configuration_failed" });
    await apply(layer([{ path: "~/planted-file" }]));
    expect(await shell("cat shared/f; ls -A shared; cat planted-file")).toBe("safe\nf\nnew");
  });

  test("what cannot be written says which file and why", async () => {
    await shell("mkdir folder; echo x > plain");
    for (const [path, reason] of [
      ["~/folder", "is a folder"],
      ["~/plain/f", "Not a directory"],
      ["/run/other/f", ""],
    ] as const)
      await expect(apply(layer([{ path }]))).rejects.toMatchObject({
        code: "configuration_failed",
        message: expect.stringMatching(new RegExp(`^${path}: .*${reason}`)),
      });
  });

  test("programs that are there are found by the way; one that is not, or cannot be run, is not", async () => {
    await shell("touch ~/no-program; mkdir ~/folder.d");
    const home = (await shell("echo ~")).trim();
    for (const [programs, found] of [
      [["sh", "/usr/bin/env"], true],
      [[], true],
      [["sh", "no-such-program"], false],
      [[`${home}/no-program`], false],
      [[`${home}/folder.d`], false],
    ] as const)
      expect({ programs, found: (await apply(layer([], {}, programs))).found }).toEqual({ programs, found });
  });

  test("what the person wrote for interactive shells is not run before Guise's own commands", async () => {
    await shell("echo 'echo intruded; sleep 1000' > ~/.bashrc");
    expect(await shell("echo mine")).toBe("mine\n");
    await shell("rm ~/.bashrc");
  });

  test("half a layer changes nothing", async () => {
    const whole = encodeLayer(layer([{ path: "~/half" }], { HALF: "1" }));
    for (const cut of [1, 4, 30, whole.length - 40]) {
      const { exit } = await channel.run("/usr/lib/guise/personal-layer", { input: whole.subarray(0, whole.length - cut) });
      expect(exit).not.toBe(0);
    }
    expect(await seenBy(channel, 'echo "$HALF"; ls half 2>&1 | wc -l; ls half')).toBe("\n1\n");
  });
});

describe.skipIf(!canLookAlike())("a personal layer that comes with the keys of the channel", () => {
  const deliver = async (what: PersonalLayer, bytes = encodeLayer(what)) => {
    const sandbox = await SandboxLookalike.start();
    const words = new LayerWords();
    const channel = await sandbox.connect(bytes, (text) => words.push(text));
    const applied = () => applyPersonalLayer(channel, what, { within: 20_000, clock: systemClock, delivered: words.end });
    const end = async () => {
      channel.close();
      await sandbox[Symbol.asyncDispose]();
    };
    return { sandbox, channel, applied, [Symbol.asyncDispose]: end };
  };

  test("is in place once its end is told, like one over the channel, and leaves no copy; a later channel has its variables", async () => {
    const content = Buffer.from([0, 10, 255, 45, 10]);
    await using delivered = await deliver(layer([{ path: "~/.config/odd né", content, mode: 0o600 }], { REGION: "U'K" }, ["sh"]));
    expect(await delivered.applied()).toEqual({ unwritten: [], met: [], found: true });
    const see = 'echo "$REGION"; stat -c %a:%s ~/.config/*; ls /run/guise; stat -c %a /run/guise/env';
    expect(await seenBy(delivered.channel, see)).toBe("U'K\n600:5\nenv\nlaunches\n400\n");
    const again = await delivered.sandbox.connect();
    expect(await seenBy(again, "cat ~/.config/*; echo $REGION")).toBe(`${content.toString()}U'K\n`);
    again.close();
  });

  test("tells what it could not write, what is malformed, and a program that is missing", async () => {
    await using missing = await deliver(layer([], {}, ["sh", "no-such-program"]));
    expect(await missing.applied()).toEqual({ unwritten: [], met: [], found: false });
    await using refused = await deliver(layer([{ path: "/run/other/f" }]));
    await expect(refused.applied()).rejects.toMatchObject({
      code: "configuration_failed",
      message: expect.stringMatching(/^\/run\/other/),
    });
    const whole = layer([{ path: "~/half" }], { HALF: "1" });
    await using half = await deliver(whole, encodeLayer(whole).subarray(0, -30));
    await expect(half.applied()).rejects.toMatchObject({
      code: "configuration_failed",
      message: expect.stringContaining("before its end"),
    });
    expect(await seenBy(half.channel, 'echo "$HALF"; ls; ls /run/guise')).toBe("\nlaunches\n");
  });

  test("is not waited for when the sandbox ends, or the start is called off", async () => {
    await using lost = await deliver(layer([]));
    const never = new Promise<never>(() => {});
    const apply = (signal?: AbortSignal) =>
      applyPersonalLayer(lost.channel, layer([]), {
        within: 20_000,
        clock: systemClock,
        delivered: never,
        ...(signal === undefined ? {} : { signal }),
      });
    await expect(apply(AbortSignal.timeout(50))).rejects.toMatchObject({ code: "cancelled" });
    const waiting = apply();
    lost.channel.close();
    await expect(waiting).rejects.toMatchObject({ code: "channel_lost" });
  });
});

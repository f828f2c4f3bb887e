import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "#foundation";
import type { PlannedFile } from "#persona";
import { applyPersonalLayer, type Channel } from "#provisioning";
import { canLookAlike, SandboxLookalike } from "#provisioning/sandbox-lookalike";
import { ledgerOf } from "./ledger.ts";
import { mergeApart } from "./merge-apart.ts";
import { settleFiles } from "./settle-files.ts";

describe.skipIf(!canLookAlike())("what a person has in a home, and a persona has a word in", () => {
  let sandbox: SandboxLookalike;
  let channel: Channel;
  const shell = async (command: string) => (await channel.run(command)).stdout;
  beforeAll(async () => {
    sandbox = await SandboxLookalike.start();
    channel = await sandbox.connect();
  });
  beforeEach(() => shell("find ~ -mindepth 1 -delete"));
  afterEach(() => shell("chmod -R u+rwx ~"));
  afterAll(async () => {
    channel.close();
    await sandbox[Symbol.asyncDispose]();
  });

  /** One start. */
  async function start(...files: Partial<PlannedFile>[]) {
    const whole = files.map((file): PlannedFile => ({ path: "~/f", content: "", mode: 0o644, apply: "enforced", ...file }));
    const ledger = ledgerOf(whole);
    const sent = whole.map(({ path, content, mode }) => ({ path, content: Buffer.from(content), mode, apply: "met" as const }));
    const options = { within: 20_000, clock: systemClock };
    const layer = { ...{ id: "w-1.1", digest: "", variables: {}, programs: [] }, files: sent, ...(ledger === undefined ? {} : { ledger }) };
    const { met } = await applyPersonalLayer(channel, layer, options);
    const { own = [], inPlace = [] } = Object.groupBy(whole, ({ path }) => (met.includes(path) ? "own" : "inPlace"));
    const signal = new AbortController().signal;
    return settleFiles(channel, { met: own, inPlace }, { ...options, signal, mergeFiles: mergeApart(systemClock) });
  }
  const json = (keys: Record<string, unknown>, apply: PlannedFile["apply"] = "enforced", path = "~/f.json") => ({
    ...{ path, apply, content: `${JSON.stringify(keys)}\n` },
    ...(apply === "replace" ? {} : { merge: { format: "json" as const, keys } }),
  });

  test("enforced keys are set at every start; keys, comments and permissions of the person's stay, and a start more changes nothing", async () => {
    expect(await start(json({ a: 1 }))).toEqual([]);
    await shell('printf \'{ // mine\\r\\n  "b": 2, "a": 7\\r\\n}\' > f.json; chmod 600 f.json');
    expect(await start(json({ a: 1, c: [] }))).toEqual([]);
    const seen = await shell("cat f.json; stat -c ' %a %i' f.json");
    expect(seen).toMatch(/^\{ \/\/ mine\r\n {2}"b": 2, "a": 1, "c": \[\]\r\n\} 600 \d+\n$/);
    expect(await start(json({ a: 1, c: [] }))).toEqual([]);
    expect(await shell("cat f.json; stat -c ' %a %i' f.json; ls -A")).toBe(`${seen}f.json\n`);
  });

  test("a default is added once: what the person has, changes or takes out stays so; a key that comes later is added", async () => {
    await shell("echo '{\"a\": 5}' > f.json");
    await start(json({ a: 1, b: { c: 2 } }, "default"));
    expect(await shell("cat f.json")).toBe('{"a": 5, "b": {\n  "c": 2\n}}\n');
    await shell("echo '{}' > f.json");
    await start(json({ a: 1, b: { c: 2 } }, "default"));
    expect(await shell("cat f.json")).toBe("{}\n");
    await start(json({ a: 1, b: { c: 2, d: 3 } }, "default"));
    expect(JSON.parse(await shell("cat f.json"))).toEqual({ b: { d: 3 } });
    await shell("rm f.json");
    await start(json({ a: 1 }, "default"));
    expect(await shell("cat f.json")).toBe('{"a":1}\n');
  });

  test("a default that was written beside one that was met is remembered too", async () => {
    const both = () => start(json({ a: 1 }, "default", "~/met.json"), json({ a: 1 }, "default", "~/new.json"));
    await shell("echo '{}' > met.json");
    await both();
    await shell("echo '{}' > new.json");
    await both();
    expect(await shell("cat new.json")).toBe("{}\n");
    expect(JSON.parse(await shell("cat met.json"))).toEqual({ a: 1 });
  });

  test("a file that is replaced leaves the person's last copy beside it, and Guise's own none", async () => {
    const replaced = (content: string) => start({ path: "~/f", content, apply: "replace", mode: 0o640 });
    await replaced("one");
    await replaced("two");
    expect(await shell("cat f; ls -A")).toBe("two.local\nf\n");
    await shell("echo mine > f");
    await replaced("two");
    await replaced("three");
    expect(await shell("cat f f.yours; ls -A")).toBe("threemine\n.local\nf\nf.yours\n");
    await shell("rm f; head -c 300000 /dev/zero > f");
    await replaced("three");
    expect(await shell("cat f; wc -c < f.yours")).toBe("three300000\n");
  });

  test("what cannot be merged is left and told, and does not keep the others from being merged", async () => {
    await shell(
      "echo '{' > bad.json; printf '{\"a\":{\"mine\":1}}' > other.json; ln -s other.json link.json; mkfifo pipe.json; head -c 300000 /dev/zero > large.json; printf '\\377' > bytes.json; mkdir d shut; ln -s d way; echo '{}' > shut/f.json; chmod 500 shut; echo '{}' > good.json",
    );
    const names = ["bad", "other", "link", "pipe", "large", "bytes", "way/f", "shut/f", "good"];
    const left = await start(...names.map((name) => json({ a: 1 }, "enforced", `~/${name}.json`)));
    expect(Object.fromEntries(left.map(({ path, reason }) => [path.slice(2, -5), reason]))).toEqual({
      ...{ bad: "not_readable", other: "not_mergeable", link: "not_a_file", pipe: "not_a_file", large: "too_large" },
      ...{ bytes: "not_text", "way/f": "not_a_file", "shut/f": "not_writable" },
    });
    expect(JSON.parse(await shell("cat good.json"))).toEqual({ a: 1 });
    expect(await shell("cat bad.json other.json; readlink link.json; ls d | wc -l; cat shut/f.json")).toBe(
      '{\n{"a":{"mine":1}}other.json\n0\n{}\n',
    );
  });

  test.each(["garbage", '{"version":1,"files":{"~/f.json":{"keys":7,"sha256":[]},"~/g":null}}', '{"version":2}'])(
    "a ledger with %j in it is as good as none",
    async (garbage) => {
      await shell(`mkdir -p .local/state/guise; echo '${garbage}' > .local/state/guise/files.json; echo '{}' > f.json`);
      expect(await start(json({ a: 1 }, "default"))).toEqual([]);
      expect(JSON.parse(await shell("cat f.json"))).toEqual({ a: 1 });
      expect(JSON.parse(await shell("cat .local/state/guise/files.json")).files["~/f.json"]).toEqual({ keys: ["/a"] });
    },
  );
});

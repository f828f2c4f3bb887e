import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canLookAlike } from "#provisioning/sandbox-lookalike";
import { SandboxFiles } from "../sandbox-files.fixture.ts";
import type { OpenChannel } from "../shared-channels.ts";
import { partOf, standOf } from "./upload-record.ts";
import { Uploads } from "./uploads.ts";

test("a part is hidden in the folder of its file", () => {
  expect([partOf("upload-1", "~/a/b.bin"), partOf("upload-1", "b.bin"), partOf("upload-1", "/data/b.bin")]).toEqual([
    "./a/.guise-upload-1",
    "./.guise-upload-1",
    "/data/.guise-upload-1",
  ]);
});

test.each([
  ["- 5\n{}", "a record that is none"],
  ["10 5\nnonsense", "no JSON"],
  ['3 5\n{"path":"a","bytes":10,"offset":4}', "a part that was cut"],
  ['- 5\n{"path":"a","bytes":10,"offset":4}', "a part that was removed"],
  ['20 5\n{"path":"a","bytes":10,"offset":14}', "more than all"],
  ['20 5\n{"path":"a","bytes":10,"offset":-4}', "less than nothing"],
  ['{"path":"a","bytes":10,"offset":0}', "no facts"],
])("what is told inside is not believed: %j is %s", (told) => expect(standOf("upload-1", told)).toBeUndefined());

test("a part that is gone while its name was given is complete", () => {
  expect(standOf("u", '- 5\n{"path":"a","bytes":4,"offset":4,"naming":true}\n./x')).toMatchObject({ complete: true, changed: 5000 });
  expect(standOf("u", '4 5\n{"path":"a","bytes":4,"offset":4,"naming":true}\n./x')).toMatchObject({ complete: false });
});

describe.skipIf(!canLookAlike())("uploads into a sandbox", () => {
  let files: SandboxFiles;
  let uploads = new Uploads();
  let count = 0;
  const open: OpenChannel = () => files.open();
  const inside = (command: string) => files.inside(command);
  const begun = (path: string, bytes: number, more: object = {}) =>
    uploads.begin(open, { id: `upload-${++count}`, path, bytes, exclusive: false, ...more });
  const sent = (id: string, offset: number, content: Buffer, digest = createHash("sha256").update(content).digest()) =>
    uploads.append(open, id, id, offset, { content: Readable.from([content]), length: content.length, digest });
  const named = (id: string, more: object = {}) => uploads.complete(open, id, id, { exclusive: false, ...more });
  const leftovers = () => inside("find . -name '.guise-upload*' -o -path './.local/state/guise/uploads/*' | wc -l");

  beforeAll(async () => {
    files = await SandboxFiles.start();
  });
  afterAll(async () => {
    await files?.[Symbol.asyncDispose]();
  });

  test("a file comes in pieces, has its name when it is whole, and leaves nothing", async () => {
    const content = randomBytes(2_000_000);
    const modified = Date.UTC(2001, 1, 3);
    const { id, offset } = await begun("~/it's/a $(id).bin", content.length, { modified, mode: 0o640 });
    expect(offset).toBe(0);
    expect(await sent(id, 0, content.subarray(0, 1_500_000))).toBe(1_500_000);
    expect(await inside('ls -a "it\'s"')).toBe(`.\n..\n.guise-${id}\n`);
    // Another Guise knows as much.
    uploads = new Uploads();
    expect(await uploads.list(open)).toMatchObject([{ id, path: "~/it's/a $(id).bin", bytes: 2_000_000, offset: 1_500_000, modified }]);
    await expect(named(id)).rejects.toMatchObject({ code: "offset_differs" });
    expect(await sent(id, 1_500_000, content.subarray(1_500_000))).toBe(2_000_000);
    expect(await inside('ls "it\'s"')).toBe("");
    await named(id);
    expect(await inside("sha256sum < \"it's/a \\$(id).bin\"; stat -c '%a %Y' \"it's/a \\$(id).bin\"")).toBe(
      `${createHash("sha256").update(content).digest("hex")}  -\n640 ${modified / 1000}\n`,
    );
    // The answer was lost: it is asked for again.
    await named(id);
    expect(await uploads.stand(open, id)).toMatchObject({ complete: true });
    expect(await uploads.list(open)).toEqual([]);
    await uploads.remove(open, id, id);
    expect(await leftovers()).toBe("0\n");
    await expect(uploads.stand(open, id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("what arrived wrong is not kept, and is sent again", async () => {
    const { id } = await begun("wrong", 10);
    await expect(sent(id, 0, Buffer.from("01234"), createHash("sha256").update("0123x").digest())).rejects.toMatchObject({
      code: "digest_differs",
    });
    expect(await uploads.stand(open, id)).toMatchObject({ offset: 0 });
    await sent(id, 0, Buffer.from("abcde"));
    await sent(id, 5, Buffer.from("fghij"));
    await named(id);
    expect(await inside("cat wrong")).toBe("abcdefghij");
    await uploads.remove(open, id, id);
  });

  test("who is mistaken about offsets and sizes is told where it stands", async () => {
    const { id } = await begun("lies", 10);
    await sent(id, 0, Buffer.from("01234"));
    for (const [offset, text] of [
      [0, "01234"],
      [9, "9"],
      [5, "567890"],
    ] as const)
      await expect(sent(id, offset, Buffer.from(text))).rejects.toMatchObject({ code: "offset_differs" });
    const digest = createHash("sha256").update("56").digest();
    const longer = { content: Readable.from([Buffer.from("56"), Buffer.from("789")]), length: 2, digest };
    await expect(uploads.append(open, id, id, 5, longer)).rejects.toMatchObject({ code: "digest_differs" });
    expect(await uploads.stand(open, id)).toMatchObject({ offset: 5, complete: false });
    await uploads.remove(open, id, id);
    expect(await leftovers()).toBe("0\n");
  });

  test("a piece whose connection hangs is called off by the next request, and counts for nothing", async () => {
    const { id } = await begun("hangs", 400_000);
    const hanging = new Readable({ read() {} });
    hanging.push(Buffer.alloc(300_000));
    const digest = createHash("sha256").update(Buffer.alloc(400_000)).digest();
    const first = uploads.append(open, id, id, 0, { content: hanging, length: 400_000, digest });
    first.catch(() => {});
    await expect.poll(() => inside("stat -c %s .guise-upload*"), { interval: 20 }).not.toBe("0\n");
    expect(await uploads.standStill(open, id, id)).toMatchObject({ offset: 0 });
    await expect(first).rejects.toMatchObject({ code: "offset_differs" });
    await sent(id, 0, Buffer.alloc(400_000, 1));
    await named(id);
    expect(await inside("tr -d '\\1' < hangs | wc -c; wc -c < hangs")).toBe("0\n400000\n");
    await uploads.remove(open, id, id);
  });

  test("nothing is replaced unless it was said, and a whole file can take another name", async () => {
    await inside("echo old > taken; chmod 600 taken; mkdir dir");
    await expect(begun("taken", 3, { exclusive: true })).rejects.toMatchObject({ code: "file_exists" });
    await expect(begun("dir", 3)).rejects.toMatchObject({ code: "file_failed" });
    await expect(begun("dir/", 3)).rejects.toMatchObject({ code: "file_failed" });
    const { id } = await begun("taken", 3);
    await sent(id, 0, Buffer.from("new"));
    await expect(named(id, { exclusive: true })).rejects.toMatchObject({ code: "file_exists" });
    await expect(named(id, { path: "dir/other" })).rejects.toMatchObject({ code: "file_failed" });
    await named(id, { exclusive: true, path: "taken (1)" });
    expect(await inside("cat taken 'taken (1)'")).toBe("old\nnew");
    const { id: second } = await begun("taken", 3);
    await sent(second, 0, Buffer.from("new"));
    await named(second);
    expect(await inside("cat taken; stat -c %a taken")).toBe("new600\n");
    for (const each of [id, second]) await uploads.remove(open, each, each);
  });

  test("a full home says so: before anything is sent, and in the middle", async () => {
    await expect(begun("huge/file", 2 ** 40)).rejects.toMatchObject({
      code: "storage_full",
      message: expect.stringMatching(/^huge\/file has 1 TiB, and .* are free where it is written$/),
    });
    expect(await inside("ls -d huge 2>&1 | grep -c 'No such'")).toBe("1\n");
    const content = randomBytes(4_000_000);
    const { id } = await begun("large", 8_000_000);
    await sent(id, 0, content);
    await inside("head -c $(($(stat -f -c '%a*%S' .) - 2000000)) /dev/zero > filler");
    await expect(sent(id, 4_000_000, content)).rejects.toMatchObject({ code: "storage_full" });
    await inside("rm filler");
    expect(await uploads.stand(open, id)).toMatchObject({ offset: 4_000_000 });
    await sent(id, 4_000_000, content);
    await named(id);
    expect(await inside("wc -c < large")).toBe("8000000\n");
    await uploads.remove(open, id, id);
  });

  test("what nobody went on with for a week is removed, and nothing else", async () => {
    await inside("rm -rf large; echo mine > keep");
    const { id: old } = await begun("old/file", 10);
    await sent(old, 0, Buffer.from("01234"));
    const { id: young } = await begun("young", 10);
    const records = ".local/state/guise/uploads";
    await inside(`cd ${records} && touch -d '8 days ago' ${old} && printf 'x\\n./keep' > upload-evil && touch -d '8 days ago' upload-evil`);
    expect((await uploads.list(open)).map(({ id }) => id)).toEqual([young]);
    expect(await inside(`ls -A old; cat keep; ls ${records}`)).toBe(`mine\n${young}\n`);
    await uploads.remove(open, young, young);
    expect(await leftovers()).toBe("0\n");
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canLookAlike } from "#provisioning/sandbox-lookalike";
import { makeFolder, movePath, removePath } from "./change-files.ts";
import { SandboxFiles } from "./sandbox-files.fixture.ts";
import type { OpenChannel } from "./shared-channels.ts";

describe.skipIf(!canLookAlike())("files of a sandbox", () => {
  let files: SandboxFiles;
  const light: OpenChannel = () => files.open();
  const inside = (command: string) => files.inside(command);

  beforeAll(async () => {
    files = await SandboxFiles.start("light");
  });
  afterAll(async () => {
    await files?.[Symbol.asyncDispose]();
  });

  test("a folder is made with those above it, and never in the place of something", async () => {
    await makeFolder(light, "~/a/b c/-d");
    await makeFolder(light, "~/it's $(id)");
    expect(await inside("ls -d 'a/b c/-d' 'it'\\''s $(id)'")).toBe("a/b c/-d\nit's $(id)\n");
    await inside("ln -s /nowhere link");
    for (const there of ["~/a", "link"]) await expect(makeFolder(light, there)).rejects.toMatchObject({ code: "file_exists" });
  });

  test("what is moved has its new name, and replaces nothing", async () => {
    await inside("mkdir from to; echo 1 > from/one; echo 2 > to/two");
    await movePath(light, "~/from/one", "~/to/-one");
    await movePath(light, "~/from", "~/to/from");
    expect(await inside("cat to/-one; ls to")).toBe("1\n-one\nfrom\ntwo\n");
    await expect(movePath(light, "to/-one", "to/two")).rejects.toMatchObject({ code: "file_exists", message: "to/two is there already" });
    await expect(movePath(light, "none", "other")).rejects.toMatchObject({ code: "file_not_found" });
    // A folder does not take in what is moved onto it.
    await expect(movePath(light, "to/-one", "to/from")).rejects.toMatchObject({ code: "file_exists" });
    await expect(movePath(light, "to", "to/from/deeper")).rejects.toMatchObject({ code: "file_failed" });
    expect(await inside("cat to/two")).toBe("2\n");
  });

  test("a folder goes with all that is in it, closed ones too, and no link is followed", async () => {
    await inside(
      "mkdir -p gone/closed kept; echo x > gone/closed/x; chmod 0 gone/closed; echo k > kept/k; ln -s ../kept gone/link; ln -s kept alias",
    );
    await removePath(light, "~/gone");
    await removePath(light, "alias");
    expect(await inside("ls -d gone alias 2> /dev/null; cat kept/k")).toBe("k\n");
    await expect(removePath(light, "gone")).rejects.toMatchObject({ code: "file_not_found" });
  });

  test.each(["~", "~/", "/home/user", "/home/user/", "/home", "/", "a/..", "/home/./user/../user"])(
    "the home stays, whatever it is called: %s",
    async (path) => {
      await expect(removePath(light, path)).rejects.toMatchObject({ code: "file_failed" });
      expect(await inside("cat kept/k")).toBe("k\n");
    },
  );

  test("what the workspace may not change is said in its own words", async () => {
    await expect(removePath(light, "/usr/lib/guise/ssh")).rejects.toMatchObject({
      code: "file_failed",
      message: expect.stringMatching(/Permission denied|Read-only|Operation not/),
    });
    await expect(makeFolder(light, "/usr/made")).rejects.toMatchObject({ code: "file_failed" });
  });
});

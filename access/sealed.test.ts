import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSealing } from "./sealed.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guise-sealing-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("what is sealed", () => {
  it("is read again with the key alone, for what it was sealed for", async () => {
    const sealing = await openSealing(folder);
    const sealed = await sealing.seal("s3cret", "package source tools");
    expect(sealed).not.toContain("s3cret");
    expect(await sealing.open(sealed, "package source tools")).toBe("s3cret");
    expect(await sealing.open(sealed, "package source others")).toBeUndefined();
    expect(await (await openSealing(folder)).open(sealed, "package source tools")).toBe("s3cret");
    expect((await stat(join(folder, "sealing.key"))).mode & 0o777).toBe(0o600);
  });

  it("is never the same twice", async () => {
    const sealing = await openSealing(folder);
    expect(await sealing.seal("s3cret", "x")).not.toBe(await sealing.seal("s3cret", "x"));
  });

  it("is opened by no other key, and by nothing that was changed", async () => {
    const sealing = await openSealing(folder);
    const sealed = await sealing.seal("s3cret", "x");
    expect(await sealing.open(`${sealed.slice(0, -3)}AAA`, "x")).toBeUndefined();
    expect(await sealing.open("nothing", "x")).toBeUndefined();
    await writeFile(join(folder, "sealing.key"), randomBytes(32).toString("base64"));
    expect(await (await openSealing(folder)).open(sealed, "x")).toBeUndefined();
  });

  it("is refused where others could read the key, or where it is none", async () => {
    await (await openSealing(folder)).seal("s3cret", "x");
    const file = join(folder, "sealing.key");
    await chmod(file, 0o644);
    await expect((await openSealing(folder)).seal("more", "x")).rejects.toMatchObject({ code: "key_file_unsafe" });
    await chmod(file, 0o600);
    await writeFile(file, "short");
    await expect((await openSealing(folder)).seal("more", "x")).rejects.toMatchObject({ code: "key_file_damaged" });
    expect(await readFile(file, "utf8")).toBe("short");
  });
});

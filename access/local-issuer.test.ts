import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { openLocalIssuer } from "./local-issuer.ts";

const issuer = "http://guise.localhost:7080";
const clock = new ManualClock();
let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "guise-issuer-"));
  folder = join(root, "keys");
});
afterEach(() => rm(root, { recursive: true }));

const open = () => openLocalIssuer({ folder, issuer, clock });
const claims = { subject: "ann", scopes: ["read"], notAfter: clock.now() + 86_400_000 };

describe("the local issuer", () => {
  test("makes its keys once, readable by nobody else", async () => {
    const first = await open();
    const again = await open();
    expect(again.jwks()).toEqual(first.jwks());
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "access.jwk.json"))).mode & 0o777).toBe(0o600);
  });

  test("of two that open at once, both sign with the same key", async () => {
    const [a, b] = await Promise.all([open(), open()]);
    expect(a.jwks()).toEqual(b.jwks());
  });

  test("publishes no private part", async () => {
    expect(JSON.stringify((await open()).jwks())).not.toContain('"d"');
  });

  test("signs access tokens of ten minutes with type, audience and the end of the sign-in", async () => {
    const { token, expiresIn } = await (await open()).sign("access", claims);
    expect(expiresIn).toBe(600);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
    const now = clock.now() / 1000;
    expect(decodeJwt(token)).toMatchObject({ iss: issuer, aud: "guise-api", sub: "ann", exp: now + 600, sign_in_exp: now + 86_400 });
  });

  test("a token does not outlive its sign-in", async () => {
    const { expiresIn } = await (await open()).sign("access", { ...claims, notAfter: clock.now() + 60_000 });
    expect(expiresIn).toBe(60);
  });

  test("refuses a folder that others may enter", async () => {
    await open();
    await chmod(folder, 0o750);
    await expect(open()).rejects.toMatchObject({ code: "key_folder_unsafe" });
  });

  test("refuses a key file that others may read, a link, and a file that is no key", async () => {
    await open();
    const file = join(folder, "access.jwk.json");
    await chmod(file, 0o640);
    await expect(open()).rejects.toMatchObject({ code: "key_file_unsafe" });
    const key = await readFile(file, "utf8");
    await rm(file);
    await writeFile(join(root, "elsewhere"), key, { mode: 0o600 });
    await symlink(join(root, "elsewhere"), file);
    await expect(open()).rejects.toMatchObject({ code: "key_file_unsafe" });
    await rm(file);
    await writeFile(file, "{}", { mode: 0o600 });
    await expect(open()).rejects.toMatchObject({ code: "key_file_damaged" });
  });
});

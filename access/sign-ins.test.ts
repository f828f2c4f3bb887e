import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "@guise/contract";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "#foundation";
import type { CredentialStore } from "./credentials.ts";
import { openLocalIssuer } from "./local-issuer.ts";
import { createSignIns, SIGN_IN_CODE_LIFETIME, SIGN_IN_LIFETIME, type SignIns } from "./sign-ins.ts";

type Stored = Parameters<CredentialStore["storeCredential"]>[0];

let folder: string;
let clock: ManualClock;
let stored: Stored[];
let account: { account: string; roles: readonly Role[]; groups: string[]; disabled: boolean };
let signIns: SignIns;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guise-sign-ins-"));
  clock = new ManualClock();
  stored = [];
  account = { account: "ann", roles: ["user"], groups: [], disabled: false };
  const store: CredentialStore = {
    account: async (name) => (name === "ann" ? account : undefined),
    storeCredential: async (credential) => void stored.push(credential),
    credential: async (hash, kind, now) => stored.find((one) => one.hash === hash && one.kind === kind && one.expiresAt > now),
    async takeCredential(hash, kind, now) {
      const found = await store.credential(hash, kind, now);
      if (kind === "sign_in_code") stored = stored.filter((one) => one !== found);
      return found;
    },
    async dropCredential(hash) {
      const before = stored.length;
      stored = stored.filter((one) => one.hash !== hash);
      return stored.length < before;
    },
  };
  const issuer = await openLocalIssuer({ folder: join(folder, "keys"), issuer: "http://guise.localhost", clock });
  signIns = createSignIns({ store, issuer, clock });
});
afterEach(() => rm(folder, { recursive: true }));

const refused = { name: "Refusal", code: "not_authenticated" };

describe("signing in", () => {
  test("a code gives a sign-in and an access token, once", async () => {
    const code = await signIns.issueCode("ann");
    const { response } = await signIns.redeemCode(code);
    expect(decodeJwt(response.access_token).sub).toBe("ann");
    expect(response.expires_in).toBe(600);
    await expect(signIns.redeemCode(code)).rejects.toMatchObject(refused);
    const renewed = await signIns.renew(response.sign_in ?? "");
    expect(renewed.response.sign_in).toBeUndefined();
    expect(decodeJwt(renewed.response.access_token).sub).toBe("ann");
  });

  test("neither code nor sign-in is stored in clear, and both are 256 bits", async () => {
    const code = await signIns.issueCode("ann");
    const signIn = (await signIns.redeemCode(await signIns.issueCode("ann"))).response.sign_in ?? "";
    expect(Buffer.from(code, "base64url")).toHaveLength(32);
    expect(Buffer.from(signIn, "base64url")).toHaveLength(32);
    expect(JSON.stringify(stored)).not.toContain(code);
    expect(JSON.stringify(stored)).not.toContain(signIn);
  });

  test("a code is good for ten minutes", async () => {
    const code = await signIns.issueCode("ann");
    clock.advance(SIGN_IN_CODE_LIFETIME);
    await expect(signIns.redeemCode(code)).rejects.toMatchObject(refused);
  });

  test("a sign-in ends, and the last token with it", async () => {
    const { response } = await signIns.redeemCode(await signIns.issueCode("ann"));
    clock.advance(SIGN_IN_LIFETIME - 60_000);
    expect((await signIns.renew(response.sign_in ?? "")).response.expires_in).toBe(60);
    clock.advance(60_000);
    await expect(signIns.renew(response.sign_in ?? "")).rejects.toMatchObject(refused);
  });

  test("a code is no sign-in and a sign-in is no code", async () => {
    const { response } = await signIns.redeemCode(await signIns.issueCode("ann"));
    await expect(signIns.redeemCode(response.sign_in ?? "")).rejects.toMatchObject(refused);
    await expect(signIns.renew(await signIns.issueCode("ann"))).rejects.toMatchObject(refused);
  });

  test("a disabled account gets nothing", async () => {
    const { response } = await signIns.redeemCode(await signIns.issueCode("ann"));
    account = { ...account, disabled: true };
    await expect(signIns.renew(response.sign_in ?? "")).rejects.toMatchObject(refused);
  });
});

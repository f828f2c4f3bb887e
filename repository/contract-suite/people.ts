import { describe, expect, it } from "vitest";
import { anEntry, type World } from "../contract-fixtures.ts";
import type { Repository } from "../repository.ts";

const ADA = { account: "ada", roles: ["user", "author"], groups: ["analytics", "staff"], disabled: false, createdAt: 5 } as const;

async function withPeople(repository: Repository): Promise<Repository> {
  for (const group of ["staff", "analytics"]) await repository.createGroup(group, anEntry("group"));
  await repository.createAccount(ADA, anEntry("account"));
  return repository;
}

export function peopleLaws(world: () => World): void {
  describe("accounts and groups", () => {
    it("are kept, and know each other", async () => {
      const repository = await withPeople(world().repository);
      expect(await repository.account("ada")).toEqual(ADA);
      expect(await repository.accounts()).toEqual([ADA]);
      expect(await repository.groups()).toEqual([
        { group: "analytics", priority: "normal", members: ["ada"] },
        { group: "staff", priority: "normal", members: ["ada"] },
      ]);
      expect(await repository.account("bob")).toBeUndefined();
      expect((await repository.auditEntries(0, 10)).map(({ action }) => action)).toEqual(["group", "group", "account"]);
    });

    it("exist once, and only with groups that are there", async () => {
      const repository = await withPeople(world().repository);
      await expect(repository.createAccount(ADA, anEntry())).rejects.toMatchObject({ code: "exists" });
      await expect(repository.createGroup("staff", anEntry())).rejects.toMatchObject({ code: "exists" });
      const bob = { ...ADA, account: "bob", groups: ["nobody"] };
      await expect(repository.createAccount(bob, anEntry())).rejects.toMatchObject({ code: "not_found" });
      expect(await repository.account("bob")).toBeUndefined();
      expect(await repository.auditEntries(0, 10)).toHaveLength(3);
    });

    it("change only in what is said", async () => {
      const repository = await withPeople(world().repository);
      expect(await repository.setAccount("ada", { groups: ["staff"] }, anEntry())).toEqual({ ...ADA, groups: ["staff"] });
      expect(await repository.setAccount("ada", { disabled: true }, anEntry())).toEqual({ ...ADA, groups: ["staff"], disabled: true });
      const changed = await repository.setAccount("ada", { roles: ["operator"], groups: [] }, anEntry());
      expect(changed).toEqual({ ...ADA, groups: [], disabled: true, roles: ["operator"] });
      expect(await repository.account("ada")).toEqual(changed);
      const called = { name: "Ada", email: "ada@example.org" };
      expect(await repository.setAccount("ada", called, anEntry())).toMatchObject(called);
      const { email, ...unaddressed } = await repository.setAccount("ada", { email: null }, anEntry());
      expect([email, unaddressed.name, await repository.account("ada")]).toEqual([undefined, "Ada", unaddressed]);
      await expect(repository.setAccount("bob", { disabled: true }, anEntry())).rejects.toMatchObject({ code: "not_found" });
    });

    it("have the priority that was granted", async () => {
      const repository = await withPeople(world().repository);
      await repository.setGroupPriority("staff", "high", anEntry());
      expect((await repository.groups()).map(({ priority }) => priority)).toEqual(["normal", "high"]);
      await expect(repository.setGroupPriority("nobody", "high", anEntry())).rejects.toMatchObject({ code: "not_found" });
    });
  });

  describe("credentials", () => {
    it("of kind code are given once, to one of many", async () => {
      const repository = await withPeople(world().repository);
      const code = { hash: "h", kind: "sign_in_code", account: "ada", expiresAt: world().clock.now() + 10 } as const;
      await repository.storeCredential(code);
      const now = world().clock.now();
      expect(await repository.takeCredential("h", "sign_in", now)).toBeUndefined();
      expect(await repository.takeCredential("h", "sign_in_code", now + 10)).toBeUndefined();
      expect(await repository.credential("h", "sign_in", now)).toBeUndefined();
      expect(await repository.credential("h", "sign_in_code", now + 10)).toBeUndefined();
      expect(await repository.credential("h", "sign_in_code", now)).toEqual(code);
      const takers = await Promise.all(Array.from({ length: 5 }, () => repository.takeCredential("h", "sign_in_code", now)));
      expect(takers.filter((taken) => taken !== undefined)).toEqual([code]);
    });

    it("of kind session are given until they are dropped, and never as another kind", async () => {
      const repository = await withPeople(world().repository);
      const now = world().clock.now();
      const session = { hash: "h", kind: "session", account: "ada", expiresAt: now + 10 } as const;
      await repository.storeCredential(session);
      expect(await repository.takeCredential("h", "session", now)).toEqual(session);
      expect(await repository.takeCredential("h", "sign_in", now)).toBeUndefined();
      expect(await repository.takeCredential("h", "sign_in_code", now)).toBeUndefined();
      expect(await repository.dropCredential("h")).toBe(true);
      expect(await repository.takeCredential("h", "session", now)).toBeUndefined();
      expect(await repository.dropCredential("h")).toBe(false);
    });

    it("of kind sign-in are given until they run out", async () => {
      const repository = await withPeople(world().repository);
      const now = world().clock.now();
      const signIn = { hash: "h", kind: "sign_in", account: "ada", expiresAt: now + 10 } as const;
      await repository.storeCredential(signIn);
      expect(await repository.takeCredential("h", "sign_in", now)).toEqual(signIn);
      expect(await repository.takeCredential("h", "sign_in", now + 9)).toEqual(signIn);
      expect(await repository.takeCredential("h", "sign_in", now + 10)).toBeUndefined();
      await expect(repository.storeCredential({ ...signIn, hash: "i", account: "bob" })).rejects.toMatchObject({ code: "not_found" });
    });
  });
}

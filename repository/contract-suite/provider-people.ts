import { describe, expect, it } from "vitest";
import type { World } from "../contract-fixtures.ts";

const ISSUER = "https://login.example.org";
const PERSON = { account: "ada", name: "Ada", roles: ["user"], groups: ["analytics"] } as const;

export function providerPeopleLaws(world: () => World): void {
  describe("people who signed in at a provider", () => {
    const person = (renewal = "sealed") => {
      const principal = `${ISSUER}#1`;
      return { principal, issuer: ISSUER, subject: "1", person: PERSON, renewal, checkedAt: world().clock.now() };
    };
    const credential = (hash: string, of = person(), kind: "session" | "sign_in" = "session") => {
      const expiresAt = world().clock.now() + 10;
      return { hash, kind, principal: of.principal, expiresAt, of };
    };
    const read = async (hash: string) => world().repository.providerCredential(hash, world().clock.now());

    it("are known by each of their credentials until it ends, with what the provider said last", async () => {
      const { repository } = world();
      await repository.storeProviderCredential(credential("browser"));
      const program = credential("program", person("newer"), "sign_in");
      await repository.storeProviderCredential(program);
      expect(await read("program")).toEqual(program);
      expect(await read("browser")).toEqual({ ...credential("browser"), of: person("newer") });
      expect(await repository.providerCredential("browser", program.expiresAt)).toBeUndefined();
      expect(await read("another")).toBeUndefined();
    });

    it("are what the provider says when it is asked again, unless they signed in anew meanwhile", async () => {
      const { repository } = world();
      await repository.storeProviderCredential(credential("h"));
      const changed = { ...person("second"), person: { account: "ada", roles: [], groups: [] } };
      await repository.renewProviderPerson(changed, "sealed");
      expect((await read("h"))?.of).toEqual(changed);
      await repository.renewProviderPerson(person("late"), "sealed");
      expect((await read("h"))?.of).toEqual(changed);
    });

    it("lose one credential alone, or all when the provider ends it", async () => {
      const { repository } = world();
      for (const hash of ["a", "b", "c"]) await repository.storeProviderCredential(credential(hash));
      expect([await repository.dropProviderCredential("a"), await repository.dropProviderCredential("a")]).toEqual([true, false]);
      await repository.forgetProviderPerson(person().principal, "another");
      expect(await read("b")).toBeDefined();
      await repository.forgetProviderPerson(person().principal, "sealed");
      expect([await read("a"), await read("b"), await read("c")]).toEqual([undefined, undefined, undefined]);
      await repository.renewProviderPerson(person("late"), "sealed");
      expect(await read("b")).toBeUndefined();
    });

    it("whose credentials are over go when somebody else comes", async () => {
      const { repository, clock } = world();
      await repository.storeProviderCredential({ ...credential("over"), expiresAt: clock.now() });
      const other = { ...person(), principal: `${ISSUER}#2`, subject: "2" };
      await repository.storeProviderCredential(credential("h", other));
      expect(await repository.providerCredential("over", 0)).toBeUndefined();
      expect((await read("h"))?.of).toEqual(other);
    });
  });
}

import { describe, expect, it } from "vitest";
import type { World } from "../contract-fixtures.ts";

const PERSON = { account: "ada", name: "Ada", roles: ["user"], groups: ["analytics"] } as const;

export function providerSessionLaws(world: () => World): void {
  describe("sessions of a provider's people", () => {
    const session = () => {
      const now = world().clock.now();
      const sealed = { renewal: "sealed", checkedAt: now, expiresAt: now + 10 };
      return { hash: "h", issuer: "https://login.example.org", subject: "1", person: PERSON, ...sealed };
    };

    it("are given until they end, with what the provider said last", async () => {
      const { repository, clock } = world();
      const one = session();
      await repository.storeProviderSession(one);
      expect(await repository.providerSession("h", clock.now())).toEqual(one);
      expect(await repository.providerSession("h", one.expiresAt)).toBeUndefined();
      expect(await repository.providerSession("another", clock.now())).toBeUndefined();
      const change = { person: { account: "ada", roles: [], groups: [] }, renewal: "anew", checkedAt: 2, expiresAt: one.expiresAt + 5 };
      await repository.renewProviderSession("h", change);
      expect(await repository.providerSession("h", clock.now())).toEqual({ ...one, ...change });
    });

    it("that were dropped are not brought back by what the provider says late", async () => {
      const { repository, clock } = world();
      const { hash, issuer: _, subject: __, ...change } = session();
      await repository.storeProviderSession(session());
      expect([await repository.dropProviderSession(hash), await repository.dropProviderSession(hash)]).toEqual([true, false]);
      await repository.renewProviderSession(hash, change);
      expect(await repository.providerSession(hash, clock.now())).toBeUndefined();
    });

    it("that are over go when another comes", async () => {
      const { repository } = world();
      const over = { ...session(), hash: "over", expiresAt: world().clock.now() };
      await repository.storeProviderSession(over);
      await repository.storeProviderSession(session());
      expect(await repository.providerSession("over", 0)).toBeUndefined();
    });
  });
}

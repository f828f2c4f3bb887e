import { ProviderClient, ProviderPeople, ProviderSignIn } from "#access";
import { CLIENT, CLIENT_SECRET } from "#access/certified-provider";
import { silentLog } from "#foundation";
import type { SignInProvider } from "./deps.ts";
import { ISSUER, type World } from "./test-world.ts";

export const RETURN = `${ISSUER}/v1/sign-in/provider/return`;
const CLAIMS = { account: "preferred_username", groups: "groups", roles: "roles", roleNames: { "guise-user": "user" } } as const;

/** The provider at that address, as a world's own. */
export function providerAt(issuer: string, secret = CLIENT_SECRET) {
  return ({ repository, sealing, clock }: Pick<World, "repository" | "sealing" | "clock">): SignInProvider => {
    const now = () => clock.now();
    const settings = { issuer, client: CLIENT, secret, scopes: "openid profile email", returnTo: RETURN, claims: ["groups", "roles"] };
    const client = new ProviderClient(settings, now);
    const people = new ProviderPeople({ store: repository, client, sealing, clock, log: silentLog, issuer, claims: CLAIMS });
    return { issuer, name: "Example Ltd", signIn: new ProviderSignIn(client, sealing, now), people };
  };
}

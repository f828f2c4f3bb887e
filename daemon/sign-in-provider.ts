import { ProviderClient, ProviderPeople, ProviderSignIn } from "#access";
import { PROVIDER_RETURN, type SignInProvider } from "#broker";
import { type Configuration, originOf } from "./configuration.ts";
import type { Ground } from "./ground.ts";
import { secretOf } from "./secret-setting.ts";

/** Where people sign in at a provider, if the configuration says so. It is asked when somebody does: Guise starts without it. */
export async function signInProvider({ configuration, repository, sealing, clock, log }: Ground): Promise<SignInProvider | undefined> {
  const { issuer, issuer_client: client } = configuration;
  if (client === "") return undefined;
  const claims = claimsOf(configuration);
  const now = () => clock.now();
  const known = new ProviderClient(
    {
      ...{ issuer, client, secret: await secretOf(configuration, "issuer_client_secret"), scopes: configuration.issuer_scopes },
      returnTo: `${originOf(configuration)}${PROVIDER_RETURN}`,
      claims: [claims.groups, claims.roles],
    },
    now,
  );
  return {
    issuer,
    name: configuration.issuer_name === "" ? new URL(issuer).host : configuration.issuer_name,
    signIn: new ProviderSignIn(known, sealing, now),
    people: new ProviderPeople({ ...{ store: repository, client: known, sealing, clock, log, issuer, claims } }),
  };
}

/** What the provider's claims mean here. */
export function claimsOf(configuration: Configuration) {
  return {
    account: configuration.issuer_account_claim,
    groups: configuration.issuer_groups_claim,
    roles: configuration.issuer_roles_claim,
    roleNames: configuration.issuer_roles,
  };
}

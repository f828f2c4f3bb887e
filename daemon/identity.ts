import { createVerifier, type LocalIssuer, openLocalIssuer, TOKEN_PURPOSES, type Verifier } from "#access";
import type { Ground } from "./ground.ts";
import { outerIssuers } from "./outer-issuers.ts";

export interface Identity {
  readonly issuer: LocalIssuer;
  readonly verifier: Verifier;
}

/** Its name stands in the id of every principal with an account here. */
export function localIssuerOf(installation: string): string {
  return `https://guise.localhost/${installation}`;
}

/** Who signs people in here, and whose tokens are taken: the local issuer's, and those of the providers that the configuration names. */
export async function openIdentity({ configuration, folders, installation, repository, clock }: Ground): Promise<Identity> {
  const issuer = await openLocalIssuer({ folder: folders.keys, issuer: localIssuerOf(installation), clock });
  const local = {
    issuer: issuer.issuer,
    audience: TOKEN_PURPOSES.access.audience,
    jwks: issuer.jwks("access"),
    algorithms: ["EdDSA"] as const,
    identity: { from: "accounts", accounts: repository } as const,
  };
  return { issuer, verifier: createVerifier({ issuers: [local, ...outerIssuers(configuration)], clock }) };
}

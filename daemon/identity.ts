import { createVerifier, type LocalIssuer, openLocalIssuer, TOKEN_PURPOSES, type Verifier } from "#access";
import type { SignInProvider } from "#broker";
import type { Ground } from "./ground.ts";
import { outerIssuers } from "./outer-issuers.ts";
import { signInProvider } from "./sign-in-provider.ts";

export interface Identity {
  readonly issuer: LocalIssuer;
  readonly verifier: Verifier;
  readonly provider: SignInProvider | undefined;
}

/** Its name stands in the id of every principal with an account here. */
export function localIssuerOf(installation: string): string {
  return `https://guise.localhost/${installation}`;
}

/** Who signs people in here, and whose tokens are taken: the local issuer's, and those of the providers that the configuration names. */
export async function openIdentity(ground: Ground): Promise<Identity> {
  const { configuration, folders, installation, repository, clock } = ground;
  const issuer = await openLocalIssuer({ folder: folders.keys, issuer: localIssuerOf(installation), clock });
  const provider = await signInProvider(ground);
  const local = {
    issuer: issuer.issuer,
    audience: TOKEN_PURPOSES.access.audience,
    jwks: issuer.jwks("access"),
    algorithms: ["EdDSA"] as const,
    identity: { from: "accounts", accounts: repository, people: provider?.people } as const,
  };
  const verifier = createVerifier({ issuers: [local, ...outerIssuers(configuration)], clock });
  return { issuer, verifier, provider };
}

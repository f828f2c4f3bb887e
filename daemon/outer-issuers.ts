import { ALGORITHMS, type TrustedIssuer } from "#access";
import type { Configuration } from "./configuration.ts";
import { claimsOf } from "./sign-in-provider.ts";

/** The provider that the configuration names, if any. Its people have their roles and groups in its tokens. */
export function outerIssuers(configuration: Configuration): readonly TrustedIssuer[] {
  const { issuer, issuer_audience: audience, issuer_keys: keys, issuer_token_types: types } = configuration;
  if (issuer === "") return [];
  const claims = claimsOf(configuration);
  return [
    {
      ...{ issuer, audience, jwks: keys === "" ? "discovered" : new URL(keys), algorithms: ALGORITHMS, types },
      identity: { from: "claims", claims },
    },
  ];
}

import { ALGORITHMS, type TrustedIssuer } from "#access";
import type { Configuration } from "./configuration.ts";

/** The provider that the configuration names, if any. Its people have their roles and groups in its tokens. */
export function outerIssuers(configuration: Configuration): readonly TrustedIssuer[] {
  const { issuer, issuer_audience: audience, issuer_keys: keys } = configuration;
  if (issuer === "") return [];
  const claims = {
    account: configuration.issuer_account_claim,
    groups: configuration.issuer_groups_claim,
    roles: configuration.issuer_roles_claim,
    roleNames: configuration.issuer_roles,
  };
  return [
    { issuer, audience, jwks: keys === "" ? "discovered" : new URL(keys), algorithms: ALGORITHMS, identity: { from: "claims", claims } },
  ];
}

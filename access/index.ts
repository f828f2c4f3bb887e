export * from "./local-issuer.ts";
export * from "./permissions.ts";
export * from "./principal.ts";
export * from "./priority-grant.ts";
export * from "./sign-ins.ts";
export * from "./token-purposes.ts";
export * from "./verifier.ts";

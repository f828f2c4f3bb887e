export type { CredentialStore } from "./credentials.ts";
export * from "./local-issuer.ts";
export * from "./permissions.ts";
export * from "./principal.ts";
export * from "./priority-grant.ts";
export { createSessions, SESSION_LIFETIME, type Session, type Sessions } from "./sessions.ts";
export { createSignIns, type Grant, SIGN_IN_CODE_LIFETIME, SIGN_IN_LIFETIME, type SignIns } from "./sign-ins.ts";
export * from "./token-purposes.ts";
export * from "./verifier.ts";

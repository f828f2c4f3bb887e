import type { Call } from "./call.ts";
import { SESSION_COOKIE } from "./own-page.ts";

const COOKIE = { path: "/", secure: true, httpOnly: true, sameSite: "strict" } as const;

/** Signs the browser in: no script reads it, and no other page can have it sent. */
export function setSession({ reply, services }: Call, secret: string, expiresAt: number): void {
  reply.setCookie(SESSION_COOKIE, secret, { ...COOKIE, maxAge: Math.floor((expiresAt - services.clock.now()) / 1000) });
}

export function clearSession({ reply }: Call): void {
  reply.clearCookie(SESSION_COOKIE, COOKIE);
}

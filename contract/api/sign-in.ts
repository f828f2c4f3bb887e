import { z } from "zod";

/** POST /v1/token: a sign-in code or a sign-in (long-lived, stored hashed) for a short access token. */
export const tokenRequestSchema = z.discriminatedUnion("grant_type", [
  z.strictObject({
    grant_type: z.literal("sign_in_code"),
    code: z.string().max(200).describe("What stands behind `#code=` in a sign-in link."),
  }),
  z.strictObject({ grant_type: z.literal("sign_in"), sign_in: z.string().max(200).describe("What redeeming a code gave.") }),
]);

export const tokenResponseSchema = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  /** Seconds. */
  expires_in: z.number(),
  /** Present when a sign-in code was redeemed: keep it, mode 0600. */
  sign_in: z.string().optional(),
});
export type TokenResponse = z.infer<typeof tokenResponseSchema>;

/** POST /v1/session, from a page of the portal: a sign-in code for a cookie. */
export const sessionRequestSchema = z.strictObject({ code: z.string().min(1).max(200) });

/** POST /v1/session/account, from a page of the portal: whom a sign-in code would sign in. */
export const signInAccountSchema = z.object({ account: z.string() });

export const sessionSchema = z.object({ account: z.string(), expires_at: z.string() });
export type SessionView = z.infer<typeof sessionSchema>;

/** A link that signs a browser in as the person who asked for it, once. */
export const signInLinkSchema = z.object({ link: z.string(), expires_at: z.string() });
export type SignInLink = z.infer<typeof signInLinkSchema>;

/** GET /v1/sign-in: how people sign in here. */
export const signInWaysSchema = z.object({
  provider: z
    .object({ name: z.string(), path: z.string().describe("Where a browser is sent to sign in there; `?page=` says where it goes then.") })
    .optional(),
});
export type SignInWays = z.infer<typeof signInWaysSchema>;

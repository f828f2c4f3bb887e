import { z } from "zod";
import { textReason } from "../text.ts";

/** POST /v1/token: a sign-in code or a sign-in (long-lived, stored hashed) for a short access token. */
export const tokenRequestSchema = z.discriminatedUnion("grant_type", [
  z.strictObject({
    grant_type: z.literal("sign_in_code"),
    code: z.string().max(200).describe("What stands behind `#code=` in a sign-in link."),
  }),
  z.strictObject({ grant_type: z.literal("sign_in"), sign_in: z.string().max(200).describe("What redeeming a code gave.") }),
  z.strictObject({ grant_type: z.literal("device_code"), device_code: z.string().max(200).describe("What asking to be signed in gave.") }),
]);

export type TokenRequest = z.infer<typeof tokenRequestSchema>;

export const tokenResponseSchema = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  /** Seconds. */
  expires_in: z.number(),
  /** Present when a sign-in code was redeemed: keep it, mode 0600. */
  sign_in: z.string().optional(),
});
export type TokenResponse = z.infer<typeof tokenResponseSchema>;

/** POST /v1/device: a program without a browser asks to be signed in as whoever allows it. */
export const deviceRequestSchema = z.strictObject({
  client: z
    .string()
    .min(1)
    .max(100)
    .superRefine((text, context) => {
      const reason = textReason(text);
      if (reason !== undefined) context.addIssue({ code: "custom", message: reason });
    })
    .describe("What it calls itself to the person who is to allow it: a program and its machine."),
});

export const deviceResponseSchema = z.object({
  device_code: z.string().describe("The program's own: nobody else is to see it."),
  user_code: z.string().describe("What the person compares."),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  /** Seconds. */
  expires_in: z.number(),
  /** Seconds between two questions. */
  interval: z.number(),
});
export type DeviceResponse = z.infer<typeof deviceResponseSchema>;

/** Nobody has allowed it yet. */
export const devicePendingSchema = z.object({ interval: z.number() });
export type DevicePending = z.infer<typeof devicePendingSchema>;

/** GET /v1/device/CODE: the program that waits for an answer. */
export const deviceViewSchema = z.object({
  user_code: z.string(),
  client: z.string(),
  address: z.string(),
  requested_at: z.string(),
  expires_at: z.string(),
});
export type DeviceView = z.infer<typeof deviceViewSchema>;

/** POST /v1/device/CODE */
export const deviceAnswerSchema = z.strictObject({ allow: z.boolean() });

/** POST /v1/session, from a page of the portal: a sign-in code for a cookie. */
export const sessionRequestSchema = z.strictObject({ code: z.string().min(1).max(200) });

/** POST /v1/session/account, from a page of the portal: whom a sign-in code would sign in. */
export const signInAccountSchema = z.object({ account: z.string() });

export const sessionSchema = z.object({ account: z.string(), expires_at: z.string() });
export type SessionView = z.infer<typeof sessionSchema>;

/** POST /v1/me/sign-in-link */
export const signInLinkRequestSchema = z.strictObject({
  page: z
    .string()
    .max(200)
    .regex(/^\/[A-Za-z]+\/[a-z0-9-]+(?:\?tab=port-[1-9]\d{0,4})?$/)
    .optional()
    .describe("The page of the portal that it leads to; the first without it."),
});

/** A link that opens the portal as the person who asked for it. */
export const signInLinkSchema = z.object({ link: z.string(), expires_at: z.string() });
export type SignInLink = z.infer<typeof signInLinkSchema>;

/** GET /v1/sign-in: how people sign in here. */
export const signInWaysSchema = z.object({
  provider: z
    .object({ name: z.string(), path: z.string().describe("Where a browser is sent to sign in there; `?page=` says where it goes then.") })
    .optional(),
});
export type SignInWays = z.infer<typeof signInWaysSchema>;

import { z } from "zod";
import { NAME_PATTERN } from "../persona.ts";
import { PRIORITY_NAMES } from "../resources.ts";
import { ROLES } from "../states.ts";
import { textReason } from "../text.ts";

export const meSchema = z.object({
  principal: z.string(),
  account: z.string(),
  roles: z.array(z.enum(ROLES)),
  groups: z.array(z.string()),
  priority_grant: z.string(),
  /** Operators here see what single people use, not only what many do together. */
  usage_per_person: z.literal(true).optional(),
  /** Origins of web applications, with `*` in the place of each one's own label; absent where they have none. */
  applications_origin: z.string().optional(),
});
export type Me = z.infer<typeof meSchema>;

/** How a person is called: what `${person:name}` stands for in values of personas. */
export const personNameSchema = z
  .string()
  .max(255)
  .refine((value) => textReason(value) === undefined, { error: ({ input }) => textReason(String(input)) });
/** What `${person:email}` stands for; nothing is sent there. */
export const emailSchema = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, { error: "is no e-mail address" })
  .refine((value) => textReason(value) === undefined, { error: ({ input }) => textReason(String(input)) });

export const accountRequestSchema = z.strictObject({
  account: z.string().regex(NAME_PATTERN),
  roles: z.array(z.enum(ROLES)).min(1),
  groups: z.array(z.string().regex(NAME_PATTERN)).optional(),
  name: personNameSchema.optional(),
  email: emailSchema.optional(),
});

export const accountViewSchema = z.object({
  account: z.string(),
  roles: z.array(z.enum(ROLES)),
  groups: z.array(z.string()),
  disabled: z.boolean(),
  name: z.string().optional(),
  email: z.string().optional(),
  /** A one-time code for `guise login --code`, shown only when the account is made or asked for again; 10 minutes. */
  sign_in_code: z.string().optional(),
  /** The same code as a link that signs a browser in. */
  sign_in_link: z.string().optional(),
});
export type AccountView = z.infer<typeof accountViewSchema>;

export const groupRequestSchema = z.strictObject({ group: z.string().regex(NAME_PATTERN) });

export const groupViewSchema = z.object({ group: z.string(), members: z.array(z.string()), priority: z.string() });
export type GroupView = z.infer<typeof groupViewSchema>;

export const grantRequestSchema = z.strictObject({
  group: z.string().regex(NAME_PATTERN),
  priority: z.enum(PRIORITY_NAMES as [string, ...string[]]),
});

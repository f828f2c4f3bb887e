import { z } from "zod";
import { DATA_SOURCE_KINDS, databaseHostReason } from "../data-sources.ts";
import { EVERYONE } from "../package-sources.ts";
import { NAME_PATTERN } from "../persona.ts";

const group = z.string().refine((text) => text === EVERYONE || NAME_PATTERN.test(text), { error: "is no name of a group" });
const groups = z.array(group).min(1).max(100);
/** Of a database: any text without control characters that fits into a name of PostgreSQL. */
const identifier = z
  .string()
  .min(1)
  .regex(/^[^\p{Cc}\p{Cs}]{1,63}$/u, {
    error: "is no name that PostgreSQL takes: at most 63 characters, none of them a control character",
  });
const login = z.strictObject({ username: identifier, password: z.string().min(1).max(4000) });
const authority = z
  .string()
  .max(64 * 1024)
  .regex(/^\s*-----BEGIN CERTIFICATE-----/, { error: "is no certificate in PEM form: -----BEGIN CERTIFICATE-----" });

export const dataSourceRequestSchema = z.strictObject({
  source: z.string().regex(NAME_PATTERN, { error: "may have lower-case letters, digits and inner hyphens" }),
  kind: z.literal("postgres"),
  host: z
    .string()
    .max(253)
    .refine((text) => databaseHostReason(text) === undefined, { error: ({ input }) => databaseHostReason(String(input)) }),
  port: z.int().min(1).max(65535).optional(),
  database: identifier,
  authority: authority.optional(),
  roles: z.strictObject({ read: identifier, write: identifier.optional() }),
  referenced_by: groups,
  received_by: groups,
  login,
});
export type DataSourceRequest = z.infer<typeof dataSourceRequestSchema>;

/** What is named changes. `authority: null`: a public one signs its certificate. */
export const dataSourceChangeSchema = z.strictObject({
  referenced_by: groups.optional(),
  received_by: groups.optional(),
  authority: authority.nullable().optional(),
  login: login.optional(),
});
export type DataSourceChange = z.infer<typeof dataSourceChangeSchema>;

export const dataSourceViewSchema = z.object({
  source: z.string(),
  kind: z.enum(DATA_SOURCE_KINDS),
  /** Where it is: a folder inside, or HOST:PORT/DATABASE. */
  place: z.string(),
  /** A workspace can be given it for writing too. */
  writable: z.boolean(),
  roles: z.object({ read: z.string(), write: z.string().optional() }).optional(),
  referenced_by: z.array(z.string()),
  received_by: z.array(z.string()),
  /** It comes with Guise, and is not removed. */
  shipped: z.boolean(),
  /** Nobody is given it any more; it is gone when all that was given is taken back. */
  being_removed: z.boolean(),
  /** Workspaces that have access to it now. */
  held: z.int(),
});
export type DataSourceView = z.infer<typeof dataSourceViewSchema>;

export const dataSourceReportSchema = z.object({
  /** What was found: the server's version and the like. */
  facts: z.record(z.string(), z.string()),
  /** Why nobody is given access to it as it is. */
  faults: z.array(z.object({ code: z.string(), message: z.string(), remedy: z.string() })),
  /** What an operator may want to know. */
  notes: z.array(z.string()),
});
export type DataSourceReport = z.infer<typeof dataSourceReportSchema>;

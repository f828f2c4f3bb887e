import {
  emailSchema,
  hiddenReason,
  NAME_PATTERN,
  PERSONA_ID_PATTERN,
  pageOf,
  personNameSchema,
  ROLES,
  USAGE_DAYS,
  WORKSPACE_ORDERS,
  WORKSPACE_STATES,
} from "@guise/contract";
import { z } from "zod";

/** Parts of paths, queries and bodies that only routes know. */
export const workspaceParams = z.strictObject({ workspace: z.string().min(1).max(100) });
export const launchParams = workspaceParams.extend({ launch: z.string().min(1).max(100) });
/** A TCP port inside. */
export const portParams = workspaceParams.extend({
  port: z
    .string()
    .regex(/^[1-9]\d{0,4}$/)
    .transform(Number)
    .refine((port) => port <= 65_535),
});
export const personaParams = z.strictObject({ persona: z.string().max(63).regex(PERSONA_ID_PATTERN) });
export const versionParams = personaParams.extend({
  version: z
    .string()
    .regex(/^(latest|[1-9]\d{0,8})$/)
    .describe('A number, or "latest".'),
});
export const draftParams = personaParams.extend({ version: z.string().regex(/^[1-9]\d{0,8}$/) });
export const dataSourceParams = z.strictObject({ source: z.string().regex(NAME_PATTERN) });
export const packageSourceParams = z.strictObject({ source: z.string().regex(NAME_PATTERN) });
export const accountParams = z.strictObject({ account: z.string().regex(NAME_PATTERN) });

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
export const pageQuery = z.strictObject({
  cursor: z.string().max(500).optional().describe("`next` of the page before."),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const workspacesQuery = pageQuery.extend({
  persona: z.string().max(63).optional(),
  all: flag.optional().describe("Everybody's; for operators."),
  released: flag.optional().describe("Those that were given back too."),
  state: z.enum(WORKSPACE_STATES).optional().describe("Only those in this state; with `released` those that were given back."),
  search: z
    .string()
    .max(100)
    .optional()
    .describe("Only those with this in the name of their person, persona or workspace, or in their id."),
  order: z.enum(WORKSPACE_ORDERS).default("requested"),
  descending: flag.optional().describe("The other way round."),
});

export const usageQuery = z.strictObject({
  days: z.coerce.number().int().min(USAGE_DAYS.least).max(USAGE_DAYS.most).default(USAGE_DAYS.usual).describe("How many, with today."),
});
export const homesQuery = pageQuery.extend({ all: flag.optional().describe("Everybody's; for operators.") });
export const homeParams = z.strictObject({ home: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/) });

const filePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes("\0"), { error: "has a zero byte" })
  .describe("Relative to the home, or absolute inside the workspace.");
export const fileQuery = z.strictObject({ path: filePath, as: z.enum(["file", "tar"]).default("file").describe("tar: a folder.") });
const entryName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => !/[/\0]/.test(name) && name !== "." && name !== "..", { error: "is no name of something in the folder" });
export const selectionQuery = z.strictObject({
  path: filePath.describe("The folder, relative to the home, or absolute inside the workspace."),
  name: z
    .union([z.array(entryName).min(1).max(1000), entryName.transform((name) => [name])])
    .describe("Of a file or folder in it; repeated for each."),
});
/** A name that is made has only what can be seen; what programs inside have made otherwise can be read and removed all the same. */
const newPath = filePath.refine((path) => hiddenReason(path) === undefined, { error: ({ input }) => hiddenReason(String(input)) });
const newFileMode = z
  .string()
  .regex(/^[0-7]{3}$/)
  .optional()
  .describe("Permission bits of a file that is new, in octal; 644 when it is absent.");
const fileTime = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();
export const writeFileQuery = fileQuery.extend({
  path: newPath,
  mode: newFileMode,
  modified: fileTime.describe("The file's time, in whole seconds; now when it is absent. An archive has its own."),
});
export const uploadParams = workspaceParams.extend({ upload: z.string().regex(/^upload-[a-z0-9-]{1,40}$/) });
export const uploadRequest = z.strictObject({
  path: newPath,
  bytes: z.int().min(0).describe("Of the whole file."),
  mode: newFileMode,
  modified: fileTime.describe(
    "The file's time, in whole seconds; that of its completion when it is absent. What tells the upload of the same file again.",
  ),
});
export const pieceQuery = z.strictObject({
  path: newPath.optional().describe("With `Upload-Complete: ?1`: another name in the same folder than the upload began with."),
});
export const pathQuery = z.strictObject({ path: filePath });
export const folderRequest = z.strictObject({ path: newPath });
export const moveRequest = z.strictObject({ from: filePath, to: newPath });
export const statQuery = z.strictObject({ path: filePath, list: flag.optional().describe("With the entries of a folder.") });
export const accountChange = z.strictObject({
  roles: z.array(z.enum(ROLES)).min(1).optional(),
  groups: z.array(z.string().regex(NAME_PATTERN)).optional(),
  disabled: z.boolean().optional(),
  name: personNameSchema.nullable().optional(),
  email: emailSchema.nullable().optional(),
});
const auditView = z.object({
  sequence: z.number(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  outcome: z.enum(["done", "refused", "failed"]),
  facts: z.record(z.string(), z.unknown()).optional(),
});
export const auditPage = pageOf(auditView);
export const buildLogView = z.object({ lines: z.array(z.string()) });
export const idempotencyHeader = (required: boolean) => ({
  "Idempotency-Key": { description: "The same key and body give the same answer for 24 h; another body gives 409.", required },
});

import { z } from "zod";
import { NAME_PATTERN } from "../persona.ts";
import { runtimesViewSchema } from "../runtimes-view.ts";
import { VERSION_STATES } from "../states.ts";
import { amountsSchema } from "./amounts.ts";
import { launchableSchema } from "./launches.ts";

export const versionViewSchema = z.object({
  persona_id: z.string(),
  persona_name: z.string(),
  description: z.string().optional(),
  version: z.number().int(),
  state: z.enum(VERSION_STATES),
  /** True for the version that a request gets. */
  latest: z.boolean(),
  /** True where it is its author's alone, until that publishes it; its state is then that of its build. Absent: it is published. */
  draft: z.boolean().optional(),
  /** True where nobody can request its persona any more. */
  retired: z.boolean().optional(),
  digest: z.string(),
  owner_group: z.string(),
  published_at: z.string(),
  published_by: z.string(),
  build: z
    .object({
      percent: z.number().optional(),
      message: z.string().optional(),
      image_bytes: z.number().optional(),
      /** Milliseconds. */
      took: z.number().optional(),
      /** How much of it went for downloads from the package mirrors. */
      downloading: z.number().optional(),
    })
    .optional(),
  /** Of its image, from 1; each refresh of the packages raises it. */
  revision: z.number().int(),
  /** The next revision, being built; or why the last refresh failed, which left the present one in use. */
  refresh: z.object({ state: z.enum(["building", "failed"]), percent: z.number().optional(), message: z.string().optional() }).optional(),
  environments: z.array(z.string()),
  /** What a request gets that names none. */
  default_environment: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  applications: z.array(launchableSchema),
  demand: amountsSchema.optional(),
});
export type VersionView = z.infer<typeof versionViewSchema>;

export const versionDetailSchema = versionViewSchema.extend({ definition: z.record(z.string(), z.unknown()) });
export type VersionDetail = z.infer<typeof versionDetailSchema>;

/** The document goes as text, so that a syntax error can name line and column. */
export const publishRequestSchema = z.strictObject({
  document: z.string(),
  owner_group: z.string().regex(NAME_PATTERN).optional(),
  /** true: for its author alone, to be tried out. It takes the place of the author's former draft of the persona. */
  draft: z.boolean().optional(),
});

export const validateRequestSchema = publishRequestSchema.extend({
  /** False: the document alone is looked at, at once; the package mirrors are not asked. */
  packages: z.boolean().optional(),
});

export const validateResponseSchema = z.object({
  valid: z.boolean(),
  problems: z.array(z.record(z.string(), z.unknown())),
  /** Why the package mirrors were not asked. */
  unasked: z.string().optional(),
  /** Where the document can be read as a persona. */
  runtimes: runtimesViewSchema.optional(),
});

/** false: it can be requested again. */
export const retireRequestSchema = z.strictObject({ retired: z.boolean().default(true) });

export const rollbackRequestSchema = z.strictObject({ version: z.number().int().min(1) });

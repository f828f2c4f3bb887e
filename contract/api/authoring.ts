import { z } from "zod";
import { FILE_APPLIES } from "../configured-files.ts";
import { NAME_PATTERN } from "../persona.ts";
import { BASE_NAMES } from "../runtimes.ts";
import { amountsSchema } from "./amounts.ts";

/** What a workspace of a document would be; nothing is stored. */
export const previewRequestSchema = z.strictObject({
  document: z.string(),
  /** The group that would own it; without it, that of the persona that is there, or the only one of who asks. */
  owner_group: z.string().regex(NAME_PATTERN).optional(),
});
const previewedEnvironmentSchema = z.object({
  environment: z.string(),
  /** Ends of sentences that begin with "a workspace of it": "reads the data source sales". */
  may: z.array(z.string()),
  demand: amountsSchema.optional(),
  launch: z.array(z.string()),
  variables: z.array(z.object({ name: z.string(), value: z.string() })),
  files: z.array(z.object({ path: z.string(), content: z.string(), apply: z.enum(FILE_APPLIES) })),
  /** Why variables and files are not known: a parameter without a default. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type PreviewedEnvironment = z.infer<typeof previewedEnvironmentSchema>;
export const previewSchema = z.object({ environments: z.array(previewedEnvironmentSchema) });
export type PersonaPreview = z.infer<typeof previewSchema>;

/** The longest text that package lists are searched for. */
export const MAXIMUM_SEARCH = 100;
export const packageSearchSchema = z.strictObject({
  text: z.string().min(2).max(MAXIMUM_SEARCH),
  /** Without it, that of the installation. */
  base: z.enum(BASE_NAMES).optional(),
});
const foundPackageSchema = z.object({ manager: z.enum(["apt"]), name: z.string(), summary: z.string() });
export type FoundPackage = z.infer<typeof foundPackageSchema>;
export const foundPackagesSchema = z.object({
  /** The best first. */
  packages: z.array(foundPackageSchema),
  /** Why the lists could not be searched. */
  unasked: z.string().optional(),
});
export type FoundPackages = z.infer<typeof foundPackagesSchema>;

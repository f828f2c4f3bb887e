import { z } from "zod";
import { APPLICATION_KINDS } from "./application-kinds/index.ts";
import { APPLICATION_ICONS } from "./states.ts";

const catalogSettingSchema = z.object({
  type: z.string(),
  description: z.string(),
  enum: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.unknown().optional(),
  /** default: written once, the person's change stays. enforced: written at every start. */
  apply: z.enum(["default", "enforced"]),
});
export type CatalogSetting = z.infer<typeof catalogSettingSchema>;
const catalogApplicationSchema = z.object({
  application: z.string(),
  name: z.string(),
  description: z.string(),
  homepage: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  icon: z.enum(APPLICATION_ICONS),
  /** Per package manager. */
  packages: z.record(z.string(), z.array(z.string())),
  settings: z.record(z.string(), catalogSettingSchema),
});
export type CatalogApplication = z.infer<typeof catalogApplicationSchema>;
/** What a persona can be made of, in this installation. */
export const catalogSchema = z.object({
  applications: z.array(catalogApplicationSchema),
  data_sources: z.array(z.object({ source: z.string(), kind: z.string(), writable: z.boolean() })),
  default_environment: z.string(),
});
export type CatalogView = z.infer<typeof catalogSchema>;

import { FILE_FORMATS, MAXIMUM_PATTERN_LENGTH, VARIABLE_PATTERN } from "@guise/contract";
import { z } from "zod";

/** What a catalog entry says about one setting: what it may be, and where the application reads it. */

const scalar = z.union([z.string().max(2000), z.number(), z.boolean()]);

export const SETTING_TYPES = ["string", "integer", "number", "boolean", "path", "list", "map"] as const;
export type SettingType = (typeof SETTING_TYPES)[number];

const limits = {
  description: z.string().min(1).max(500),
  enum: z.array(scalar).min(1).max(200).optional().describe("The allowed values."),
  pattern: z
    .string()
    .max(MAXIMUM_PATTERN_LENGTH)
    .optional()
    .describe("What the whole text must match, in RE2's syntax; for each item of a list."),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
};

const fieldSchema = z
  .strictObject({ type: z.enum(["string", "integer", "number", "boolean"]), required: z.boolean().default(false), ...limits })
  .describe("One field of each value of a map.");
export type SettingField = z.infer<typeof fieldSchema>;

const values = z
  .record(z.string(), scalar)
  .optional()
  .describe("What is written for each allowed value, where the application calls it otherwise.");
const template = z.string().max(300).optional().describe("Text around the value: {value}; {relative} for a path without its ~/.");
const homeFile = z.string().regex(/^~\/[^\0]+$/);

const placeSchema = z.union([
  z.strictObject({
    arguments: z
      .array(z.string().min(1).max(300))
      .min(1)
      .max(4)
      .describe("Arguments that are added to the command, around {value}; for a list once for each item."),
    values,
  }),
  z.strictObject({ variable: z.string().regex(VARIABLE_PATTERN), values, template }),
  z.strictObject({ file: homeFile, format: z.literal("lines"), values, template: z.string().max(300) }),
  z.strictObject({ file: homeFile, format: z.enum(FILE_FORMATS).exclude(["text"]), key: z.array(z.string()).max(8), values, template }),
]);
export type SettingPlace = z.infer<typeof placeSchema>;

export const settingSchema = z.strictObject({
  type: z.enum(SETTING_TYPES),
  ...limits,
  fields: z.record(z.string(), fieldSchema).optional().describe("For a map: what each of its values has."),
  default: z.union([scalar, z.array(z.string())]).optional(),
  apply: z.enum(["default", "enforced"]).default("default"),
  places: z.array(placeSchema).min(1).max(5),
});
export type Setting = z.infer<typeof settingSchema>;

import { APPLICATION_ICONS, APPLICATION_KINDS, FILE_FORMATS, PERSONA_ID_PATTERN, VARIABLE_PATTERN } from "@guise/contract";
import { z } from "zod";
import { settingSchema } from "./setting.ts";

const packageList = z.array(z.string().min(1).max(200)).min(1).max(40);

const mergedFile = z.strictObject({
  format: z.enum(FILE_FORMATS).exclude(["text"]),
  merge: z.record(z.string(), z.unknown()),
  apply: z.enum(["default", "enforced"]).default("default"),
});

const wholeFile = z.strictObject({
  format: z.literal("text"),
  from: z
    .string()
    .regex(/^[a-z0-9-]+\/[A-Za-z0-9._-]+$/)
    .describe("A file in a folder of the catalog that has the application's id: the whole content, written at every start."),
});

const busySchema = z.strictObject({
  path: z.string().regex(/^\//).describe("Answers a list, in JSON, to whoever asks on the loopback port."),
  key: z.string().min(1).max(100).describe("A member of each of its items."),
  value: z.string().min(1).max(100).describe("What that member is while the item works."),
});

const webSchema = z.strictObject({
  port: z.number().int().min(1024).max(65_535).describe("The loopback port inside on which it listens."),
  path: z.string().regex(/^\//).describe("What is opened first."),
  ready_path: z.string().regex(/^\//).describe("Answers below 500 as soon as the application can be used."),
  within: z.string().default("60s").describe('How long the start may take: "60s".'),
  busy: busySchema
    .optional()
    .describe("Where it says that it works, so that its workspace is in use though nobody sends anything and no cpu is taken."),
});

/** One application, in one file of `catalog/`. */
export const catalogEntrySchema = z
  .strictObject({
    $schema: z.string().optional(),
    application: z.string().max(63).regex(PERSONA_ID_PATTERN),
    name: z.string().min(1).max(80),
    description: z.string().min(1).max(500),
    homepage: z.url({ protocol: /^https$/ }),
    kind: z.enum(APPLICATION_KINDS),
    icon: z.enum(APPLICATION_ICONS).describe("What its picture shows."),
    order: z.number().int().min(0).max(9999).describe("Place in the order of image layers, lowest first; unique in the catalog."),
    packages: z
      .strictObject({ apt: packageList.optional(), pip: packageList.optional(), pipx: packageList.optional(), npm: packageList.optional() })
      .describe(
        "By package manager. pip: in the one environment that all Python packages of a persona share; pipx: a program that stands alone.",
      ),
    small: z
      .literal(true)
      .optional()
      .describe(
        "It and what it needs beside the base take less than 64 MB by apt or npm: they share an image layer with others of the kind.",
      ),
    command: z.array(z.string().min(1).max(1000)).min(1).max(40).describe("Program and arguments; no shell text."),
    needs: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('What it must be given, without which it only says so and ends: completes "It needs …", which stands beside its button.'),
    working_directory: z
      .string()
      .regex(/^~(\/|$)/)
      .optional(),
    web: webSchema.optional().describe("For kind web, and required there."),
    seccomp: z
      .enum(["strict", "browser"])
      .default("strict")
      .describe("browser: it locks its own parts into user namespaces, as Chromium does, and needs the system calls for that."),
    variables: z
      .record(z.string().regex(VARIABLE_PATTERN), z.string())
      .optional()
      .describe("Variables of the workspace that the application needs; ~/ at the beginning stands for the home."),
    files: z
      .record(z.string(), z.union([mergedFile, wholeFile]))
      .optional()
      .describe(
        "What the application needs in its files whatever the settings; a whole one lies in a folder of /run/guise, where nobody has one of their own.",
      ),
    settings: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), settingSchema),
  })
  .meta({ title: "Guise catalog entry", description: "What Guise knows of one application." });

export type CatalogEntry = z.infer<typeof catalogEntrySchema> & {
  /** The content of each file that `files` names by `from`. */
  readonly texts?: Readonly<Record<string, string>>;
};

/** What files lie beside the entry, as far as it can be read. */
export function filesBeside(document: unknown): readonly string[] {
  const { success, data } = catalogEntrySchema.safeParse(document);
  return success ? Object.values(data.files ?? {}).flatMap((file) => (file.format === "text" ? [file.from] : [])) : [];
}

/** The JSON Schema that editors use for the files of `catalog/`. */
export function catalogEntryJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(catalogEntrySchema, { io: "input", target: "draft-2020-12" }) as Record<string, unknown>;
}

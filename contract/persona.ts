import { z } from "zod";
import { APPLICATION_KINDS } from "./application-kinds/index.ts";
import { checkSchema } from "./check-schema.ts";
import { FILE_APPLIES, FILE_FORMATS, FILE_MODES } from "./configured-files.ts";
import { systemChoices } from "./persona-system.ts";
import { PRIORITY_NAMES, type Priority } from "./resources.ts";
import { APPLICATION_ICONS } from "./states.ts";
import { textReason } from "./text.ts";

/** Names that appear in commands, host names and paths. */
export const PERSONA_ID_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** The ids that Guise gives to workspaces: what looks like one is taken for one, whatever else is called so. */
export const WORKSPACE_ID_PATTERN = /^w-[a-z2-7]{20}$/;
/** Environments, groups, data sources, workspace names. */
export const NAME_PATTERN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Without OPTIND: a shell reads a number from it, and ends at anything else. */
export const VARIABLE_PATTERN = /^(?!OPTIND$)[A-Za-z_][A-Za-z0-9_]*$/;
export const PARAMETER_PATTERN = /^[a-z][a-z0-9_]{0,39}$/;

/** One line for people; `./text.ts` says which characters. */
function text(maximum: number) {
  return z
    .string()
    .min(1)
    .max(maximum)
    .refine((value) => textReason(value) === undefined, { error: ({ input }) => textReason(String(input)) });
}

const name = z.string().max(63).regex(NAME_PATTERN, { error: "may have lower-case letters, digits and inner hyphens" });
const scalar = z.union([z.string().max(8192), z.number(), z.boolean()]);

/** The longest pattern of a parameter or of a catalog's setting. */
export const MAXIMUM_PATTERN_LENGTH = 200;

export const parameterSchema = z
  .strictObject({
    type: z.enum(["string", "integer", "number", "boolean"]),
    description: text(500).optional(),
    default: scalar.optional(),
    enum: z.array(scalar).min(1).max(100).optional(),
    pattern: z
      .string()
      .max(MAXIMUM_PATTERN_LENGTH)
      .optional()
      .describe("For strings: what the whole value must match, in RE2's syntax: without look-around and references back to groups."),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  })
  .describe("A typed value that a request gives; without a default it must be given.");

const mergedFile = z
  .strictObject({
    format: z.enum(FILE_FORMATS),
    merge: z.record(z.string(), z.unknown()).optional().describe("Values merged into the file; for every format but text."),
    content: z.string().max(65_536).optional().describe("The whole content; for format text."),
    apply: z
      .enum(FILE_APPLIES)
      .optional()
      .describe(
        "default: keys that the person's file lacks are added, each once; what the person has, changes or takes out stays. enforced: the keys are set at every start, and all else in the file stays. replace: the whole file is written at every start, and what the person had there stays beside it, as PATH.yours. For format text enforced is replace.",
      ),
    mode: z.enum(FILE_MODES).optional(),
  })
  .describe("A file below the home of the workspace.");

export const applicationConfigurationSchema = z
  .object({
    variables: z
      .record(
        z.string().regex(VARIABLE_PATTERN, { error: "letters, digits and _, not beginning with a digit; OPTIND is the shell's own" }),
        scalar,
      )
      .optional()
      .describe("Variables of every process in the workspace."),
    files: z
      .record(z.string().max(400), mergedFile)
      .optional()
      .describe("Files for applications that are not in the catalog; paths begin with ~/."),
  })
  .catchall(z.record(z.string(), z.unknown()))
  .describe(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: references of personas are written so
    "Settings per application id, as its catalog entry declares them. In values `${account}`, `${person:name}`, `${person:email}`, `${parameter:NAME}` and `${data_source:NAME}` are replaced; any other `${…}` is refused, and `$${` stands for `${` itself.",
  );

export const resourceRequirementsSchema = z.strictObject({
  cpu: z.union([z.string(), z.number()]).describe('Cores: "2", "500m".'),
  ram: z.string().describe('Bytes: "4Gi".'),
  storage: z.string().describe('Bytes of the home: "10Gi".'),
  network_bandwidth: z
    .union([z.string(), z.strictObject({ ingress: z.string(), egress: z.string() })])
    .describe('Per second, each way: "50Mbit", or {ingress, egress}.'),
});

export const accessControlsSchema = z.strictObject({
  groups: z.array(name).max(50).optional().describe("Who may ask; without it, the owning group."),
  data_sources: z
    .array(z.strictObject({ source: name, access: z.enum(["read", "write"]).default("read") }))
    .max(50)
    .optional()
    .describe("Registered data sources that are there, to be read or written."),
  network: z
    .strictObject({
      egress: z
        .array(z.string().max(300))
        .max(200)
        .optional()
        .describe(
          'What it may connect to: "cidr:port" or "cidr:port/udp", such as "192.0.2.7/32:443"; "*" is every port. Addresses alone: host names are refused (not_supported_here).',
        ),
    })
    .optional(),
  clipboard: z
    .enum(["none", "in", "out", "both"])
    .optional()
    .describe(
      "Which way text goes between the person's clipboard and the workspace; both without it. A limit closes files in the same direction too.",
    ),
  file_transfer: z
    .enum(["none", "in", "out", "both"])
    .optional()
    .describe(
      "Which way files go; both without it. Under any limit, of this or of the clipboard, nothing is streamed: no pipes of commands, ports, SSH or web applications.",
    ),
  install_packages: z.enum(["none", "user"]).optional().describe("None, also without it; user is refused (not_supported_here)."),
  devices: z.array(name).max(20).optional().describe("None, also without it; any is refused (not_supported_here)."),
});

export const lifetimeSchema = z.strictObject({
  idle: z.string().optional().describe('Paused when nobody used it for so long: "30m". Never without it.'),
  maximum: z.string().optional().describe('Given back after so long: "12h". Never without it.'),
  home: z
    .enum(["keep", "delete"])
    .optional()
    .describe("Whether the home outlives its release, for the person's next workspace; delete without it."),
});

/** An application that only one persona needs; the catalog's rules hold for it. */
export const ownApplicationSchema = z
  .strictObject({
    name: text(80).optional().describe("Its name for people; its id without it."),
    kind: z.enum(APPLICATION_KINDS),
    icon: z.enum(APPLICATION_ICONS).optional(),
    command: z
      .array(z.string().min(1).max(1000))
      .min(1)
      .max(40)
      .describe('Program and arguments; no shell text. "~/" at the beginning of one stands for the home.'),
    needs: text(200).optional().describe('What it must be given to open at all: completes "It needs …".'),
    working_directory: z
      .string()
      .max(400)
      .regex(/^~(\/|$)/, { error: "begins with ~" })
      .optional()
      .describe("Below the home; the home without it."),
    port: z
      .number()
      .int()
      .min(1024)
      .max(65_535)
      .optional()
      .describe("For kind web, and required there: the loopback port on which it listens."),
    path: z
      .string()
      .max(400)
      .regex(/^\//, { error: "begins with /" })
      .optional()
      .describe("For kind web: what is opened first; / without it."),
    ready_path: z
      .string()
      .max(400)
      .regex(/^\//, { error: "begins with /" })
      .optional()
      .describe("For kind web: answers below 500 as soon as it can be used; path without it."),
    within: z.string().optional().describe('For kind web: how long its start may take; "60s" without it.'),
    variables: z
      .record(
        z.string().regex(VARIABLE_PATTERN, { error: "letters, digits and _, not beginning with a digit; OPTIND is the shell's own" }),
        scalar,
      )
      .optional()
      .describe("Variables of its own processes."),
  })
  .refine(({ kind, port }) => kind !== "web" || port !== undefined, {
    error: "a web application listens on it",
    path: ["port"],
  });

const overlayParts = {
  description: text(2000).optional().describe("What it is for, in a sentence."),
  application_configuration: applicationConfigurationSchema.optional(),
  launch: z.array(z.string().max(200)).max(20).optional().describe("Applications that open by themselves when a workspace is ready."),
  resource_requirements: resourceRequirementsSchema.describe("What a workspace is given, and holds."),
  resource_limits: resourceRequirementsSchema.partial().optional().describe("The most that a workspace may be resized to."),
  access_controls: accessControlsSchema.optional().describe("Who may ask, and what a workspace may reach. What is not listed is closed."),
  priority: z
    .enum(PRIORITY_NAMES as [Priority, ...Priority[]])
    .optional()
    .describe("In the queue; normal without it. Not above what the owning group was granted."),
  preemption: z
    .enum(["allow", "never"])
    .optional()
    .describe(
      "Whether its workspaces may be displaced by others of higher priority. Nothing that runs is displaced yet, whatever it says.",
    ),
  stop_grace: z.string().optional().describe('How long programs may take to end by themselves: "30s".'),
  lifetime: lifetimeSchema.optional(),
  time_zone: z
    .string()
    .max(64)
    .optional()
    .describe('Of the IANA database: "Europe/Berlin". That of a person\'s own browser comes before it; UTC without both.'),
  ports: z
    .array(z.strictObject({ port: z.number().int().min(1024).max(65_535), name: text(40) }))
    .max(20)
    .optional()
    .describe(
      "Ports that the person's own servers listen on, each with what it is called in the page, where it is offered while something listens.",
    ),
  checks: z
    .array(checkSchema)
    .max(50)
    .optional()
    .describe(
      "What shows that the persona works. A version becomes usable when they passed, in the environment of a request that names none, in a workspace of its author that is made for them; else its build has failed. guise persona test runs them too. Parameters need defaults then.",
    ),
};

/** Entries of `required_applications`. */
export const MAXIMUM_APPLICATIONS = 300;

/** The persona definition as an author writes it. */
export const personaSchema = z
  .strictObject({
    $schema: z.string().max(500).optional(),
    persona_id: z
      .string()
      .max(63)
      .regex(PERSONA_ID_PATTERN, { error: "may have lower-case letters, digits and inner hyphens, beginning with a letter" })
      .refine((id) => !WORKSPACE_ID_PATTERN.test(id), { error: "has the form of a workspace's id; commands would take it for one" })
      .describe("Its name in commands and addresses; never changes."),
    persona_name: text(100).describe("Its name for people."),
    parameters: z
      .record(
        z.string().regex(PARAMETER_PATTERN, { error: "lower-case letters, digits and _, at most 40, beginning with a letter" }),
        parameterSchema,
      )
      .optional()
      .describe("What a request may or must say, by name."),
    required_applications: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(MAXIMUM_APPLICATIONS)
      .describe(
        "Catalog ids, or manager:package, with its version where one is pinned: apt:jq=1.6-2.1, pip:polars==1.*, pipx:httpie==3.2.2, npm:prettier@3.3.3. All pip packages share one environment; what pipx brings stands alone.",
      ),
    ...systemChoices,
    applications: z
      .record(
        z
          .string()
          .max(63)
          .regex(PERSONA_ID_PATTERN, { error: "may have lower-case letters, digits and inner hyphens, beginning with a letter" }),
        ownApplicationSchema,
      )
      .optional()
      .describe("Applications that only this persona needs, by id; what they run on is among required_applications."),
    environments: z
      .record(z.string().regex(NAME_PATTERN, { error: "lower-case letters, digits and inner hyphens" }), z.record(z.string(), z.unknown()))
      .optional()
      .describe(
        "Overlays (RFC 7396) over everything but persona_id, required_applications, applications, accepted_gaps, base, runtimes, locale and environments.",
      ),
    ...overlayParts,
  })
  .meta({
    title: "Guise persona",
    description: "An application persona: applications, their configuration, the resources and the access they need.",
  });

export type PersonaDefinition = z.infer<typeof personaSchema>;
export type OwnApplication = z.infer<typeof ownApplicationSchema>;
export type ParameterDefinition = z.infer<typeof parameterSchema>;
export type AccessControls = z.infer<typeof accessControlsSchema>;
export type ParameterValue = string | number | boolean;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** The JSON Schema that editors use; published at /schemas/persona.json. */
export function personaJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(personaSchema, { io: "input", target: "draft-2020-12" }) as Record<string, unknown>;
}

/** The home of a workspace as its processes see it; `~/` stands for it. */
export const WORKSPACE_HOME = "/home/user";
/** The largest persona document that is read. */
export const MAXIMUM_PERSONA_BYTES = 256 * 1024;
/** The deepest nesting that is read. */
export const MAXIMUM_PERSONA_DEPTH = 32;
/** The environment of a persona that names none, and of an installation that sets none. */
export const DEFAULT_ENVIRONMENT = "production";
/** The name of a workspace that is given none. */
export const DEFAULT_WORKSPACE_NAME = "main";
/** The same where a draft is tried out: beside what its author holds of the persona. */
export const DRAFT_WORKSPACE_NAME = "draft";

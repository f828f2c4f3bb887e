import { z } from "zod";
import { estimateSchema } from "./estimate.ts";
import { workspaceEventSchema } from "./events.ts";
import { NAME_PATTERN, PARAMETER_PATTERN, PERSONA_ID_PATTERN } from "./persona.ts";
import { PRIORITY_NAMES } from "./resources.ts";
import {
  APPLICATION_ICONS,
  APPLICATION_KINDS,
  DESIRED_STATES,
  LAUNCH_STATES,
  REASON_NAMES,
  ROLES,
  VERSION_STATES,
  WORKSPACE_STATES,
} from "./states.ts";

/** Request and response bodies of /v1. Names are snake_case on the wire; times RFC 3339; sizes in bytes; cpu in millicores; bandwidth in bit/s; durations in ms. */

export const amountsSchema = z.object({
  cpu: z.number().int(),
  ram: z.number().int(),
  storage: z.number().int(),
  ingress: z.number().int(),
  egress: z.number().int(),
});

const NAME_WORDS = { error: "may have lower-case letters, digits and inner hyphens, at most 63" };

export const workspaceRequestSchema = z.strictObject({
  persona_id: z.string().regex(PERSONA_ID_PATTERN, NAME_WORDS),
  environment: z.string().regex(NAME_PATTERN, NAME_WORDS).optional(),
  name: z.string().regex(NAME_PATTERN, NAME_WORDS).optional(),
  parameters: z.record(z.string().regex(PARAMETER_PATTERN), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** false: answer insufficient_resources at once instead of queueing. */
  wait: z.boolean().optional(),
  /** May lower the persona's priority; may raise it up to the person's grant. */
  priority: z.enum(PRIORITY_NAMES as [string, ...string[]]).optional(),
});
export type WorkspaceRequest = z.infer<typeof workspaceRequestSchema>;

export const launchableSchema = z.object({
  application: z.string(),
  name: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  /** Of the catalog; without it, the kind says how it looks. */
  icon: z.enum(APPLICATION_ICONS).optional(),
});
export type Launchable = z.infer<typeof launchableSchema>;

/** Every workspace has it, unless an application of that name is there: a login shell in a terminal of its own, which outlives who looks at it. */
export const SHELL: Launchable = { application: "shell", name: "Shell", kind: "terminal" };

export const launchViewSchema = z.object({
  launch_id: z.string(),
  workspace_id: z.string(),
  application: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  state: z.enum(LAUNCH_STATES),
  started_at: z.string(),
  ended_at: z.string().optional(),
  exit: z.number().int().optional(),
  /** Only for kind web: the path (with the application's own token, if any) to open first. */
  path: z.string().optional(),
});
export type LaunchView = z.infer<typeof launchViewSchema>;

const fileFactsSchema = z.object({
  name: z.string(),
  kind: z.enum(["file", "folder", "link", "other"]),
  bytes: z.number(),
  /** Permission bits. */
  mode: z.number(),
  modified: z.string(),
});
/** Answer of GET /v1/workspaces/{id}/files/stat. */
export const fileStatSchema = fileFactsSchema.extend({ entries: z.array(fileFactsSchema).optional() });
export type FileStat = z.infer<typeof fileStatSchema>;

export const phaseTimeSchema = z.object({ phase: z.string(), took: z.number() });

export const workspaceViewSchema = z.object({
  workspace_id: z.string(),
  persona_id: z.string(),
  persona_name: z.string(),
  version: z.number().int(),
  environment: z.string(),
  name: z.string(),
  owner: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  state: z.enum(WORKSPACE_STATES),
  desired: z.enum(DESIRED_STATES),
  reason: z.enum(REASON_NAMES as [string, ...string[]]).optional(),
  message: z.string().optional(),
  /** Place in the queue, from 1. */
  place: z.number().int().optional(),
  /** While it waits or starts: when it is expected to be ready. Absent where too little is known. */
  estimate: estimateSchema.optional(),
  priority: z.string(),
  revision: z.number().int(),
  generation: z.number().int(),
  node: z.string().optional(),
  demand: amountsSchema,
  /** It runs on an older image revision of its version; suspended and resumed it gets the newest, with fresh packages. */
  outdated: z.object({ revision: z.number().int(), newest: z.number().int() }).optional(),
  /** What it is being resized to, until that is done or refused. */
  wanted: amountsSchema.optional(),
  /** The most that it may be resized to. */
  limits: amountsSchema,
  requested_at: z.string(),
  ready_at: z.string().optional(),
  expires_at: z.string().optional(),
  phases: z.array(phaseTimeSchema),
  applications: z.array(launchableSchema),
  launch: z.array(z.string()),
  launches: z.array(launchViewSchema),
  /** Where the persona sets a limit: for how long nobody has used it, when it is suspended if that goes on, and why. Seconds. */
  idle: z.object({ for: z.number(), left: z.number(), warned: z.boolean(), why: z.string() }).optional(),
  /** How full its home is, as of the last look. */
  home: z.object({ state: z.enum(["roomy", "nearly_full", "full"]), why: z.string() }).optional(),
  /** Whether its home outlives its release, unless the release says otherwise. */
  keeps_home: z.boolean(),
  receipt: z.lazy(() => receiptSchema).optional(),
});
export type WorkspaceView = z.infer<typeof workspaceViewSchema>;

export const receiptSchema = z.object({
  workspace_id: z.string(),
  persona_id: z.string(),
  released_at: z.string(),
  /** How long it was held, from admission to release, in ms. */
  held: z.number(),
  freed: amountsSchema,
  deleted: z.array(z.string()),
  kept: z.array(z.object({ what: z.string(), bytes: z.number(), until: z.string().optional(), charged_to: z.string() })),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** A home: the files of a workspace that persist. */
export const homeViewSchema = z.object({
  home: z.string(),
  /** Absent for one in quarantine: nobody was found to own it. */
  owner: z.string().optional(),
  persona_id: z.string().optional(),
  environment: z.string().optional(),
  name: z.string().optional(),
  /** `missing`: it should be kept, and its files are not there. */
  state: z.enum(["in_use", "kept", "missing", "being_deleted", "quarantined"]),
  workspace_id: z.string().optional(),
  /** Bytes that it may have, and bytes that it takes on the disk. */
  bytes: z.number(),
  taken: z.number(),
  charged_to: z.string().optional(),
  used_at: z.string().optional(),
});
export type HomeView = z.infer<typeof homeViewSchema>;

/** An image of a persona on the engine, or a layer that a build left. */
export const imageViewSchema = z.object({
  image: z.string(),
  kind: z.enum(["image", "layer"]),
  versions: z.array(
    z.object({
      persona_id: z.string(),
      version: z.number().int(),
      /** Of the version's image; `current`: the next start gets it. */
      revision: z.number().int(),
      current: z.boolean(),
    }),
  ),
  /** Bytes that would be free without it, and bytes that others need too. */
  alone: z.number(),
  shared: z.number(),
  used_at: z.string(),
  /** Workspaces that run on it, or will when they start or are resumed. */
  workspaces: z.array(z.string()),
  /** It is not collected as things stand. */
  kept: z.boolean(),
});
export type ImageView = z.infer<typeof imageViewSchema>;

/** Bytes that images may take in all, and take; the most recently used first. */
export const imagesSchema = z.object({ budget: z.number(), taken: z.number(), images: z.array(imageViewSchema) });
export type Images = z.infer<typeof imagesSchema>;

export const collectRequestSchema = z.strictObject({
  /** Bytes to come down to, instead of the installation's budget; 0: all that nobody needs. */
  budget: z.number().int().min(0).optional(),
});
export const collectedSchema = z.object({ removed: z.array(z.string()), freed: z.number(), left: z.number(), budget: z.number() });
export type CollectedImages = z.infer<typeof collectedSchema>;

/** What is named changes; what is not stays. */
export const resizeRequestSchema = z.strictObject({
  cpu: z.number().int().min(10).optional(),
  ram: z
    .number()
    .int()
    .min(32 * 2 ** 20)
    .optional(),
  ingress: z.number().int().min(1000).optional(),
  egress: z.number().int().min(1000).optional(),
});
export type ResizeRequest = z.infer<typeof resizeRequestSchema>;

export const releaseRequestSchema = z.strictObject({ with_home: z.boolean().optional() });

export const launchRequestSchema = z.strictObject({
  application: z.string().min(1).max(200),
  arguments: z.array(z.string().max(8192)).max(10_000).optional(),
  columns: z.number().int().min(1).max(1000).optional(),
  rows: z.number().int().min(1).max(1000).optional(),
});
export type LaunchRequest = z.infer<typeof launchRequestSchema>;

export const versionViewSchema = z.object({
  persona_id: z.string(),
  persona_name: z.string(),
  description: z.string().optional(),
  version: z.number().int(),
  state: z.enum(VERSION_STATES),
  /** True for the version that a request gets. */
  latest: z.boolean(),
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
});
export const validateResponseSchema = z.object({ valid: z.boolean(), problems: z.array(z.record(z.string(), z.unknown())) });
export const rollbackRequestSchema = z.strictObject({ version: z.number().int().min(1) });

export const meSchema = z.object({
  principal: z.string(),
  account: z.string(),
  roles: z.array(z.enum(ROLES)),
  groups: z.array(z.string()),
  priority_grant: z.string(),
});
export type Me = z.infer<typeof meSchema>;

export const accountRequestSchema = z.strictObject({
  account: z.string().regex(NAME_PATTERN),
  roles: z.array(z.enum(ROLES)).min(1),
  groups: z.array(z.string().regex(NAME_PATTERN)).optional(),
});
export const accountViewSchema = z.object({
  account: z.string(),
  roles: z.array(z.enum(ROLES)),
  groups: z.array(z.string()),
  disabled: z.boolean(),
  /** A one-time code for `guise login --code`, shown only when the account is made or asked for again; 10 minutes. */
  sign_in_code: z.string().optional(),
});
export type AccountView = z.infer<typeof accountViewSchema>;

export const groupRequestSchema = z.strictObject({ group: z.string().regex(NAME_PATTERN) });
export const groupViewSchema = z.object({ group: z.string(), members: z.array(z.string()), priority: z.string() });
export type GroupView = z.infer<typeof groupViewSchema>;

export const grantRequestSchema = z.strictObject({
  group: z.string().regex(NAME_PATTERN),
  priority: z.enum(PRIORITY_NAMES as [string, ...string[]]),
});

export const nodeViewSchema = z.object({
  node: z.string(),
  capacity: amountsSchema,
  allocated: amountsSchema,
  free: amountsSchema,
  /** Dimensions whose capacity is assumed rather than measured. */
  assumed: z.array(z.string()),
});
export const statusSchema = z.object({
  version: z.string(),
  installation: z.string(),
  engine: z.object({ driver: z.string(), reachable: z.boolean(), facts: z.record(z.string(), z.unknown()), warnings: z.array(z.string()) }),
  nodes: z.array(nodeViewSchema),
  workspaces: z.record(z.string(), z.number()),
  queue: z.array(
    z.object({
      workspace_id: z.string(),
      owner: z.string(),
      persona_id: z.string(),
      place: z.number(),
      priority: z.string(),
      reason: z.string(),
      message: z.string(),
      since: z.string(),
    }),
  ),
  pools: z.record(z.string(), z.number()),
  builds: z.array(
    z.object({ persona_id: z.string(), version: z.number(), message: z.string().optional(), percent: z.number().optional() }),
  ),
});
export type Status = z.infer<typeof statusSchema>;

/** POST /v1/token: a sign-in code or a sign-in (long-lived, stored hashed) for a short access token. */
export const tokenRequestSchema = z.union([
  z.strictObject({ grant_type: z.literal("sign_in_code"), code: z.string().max(200) }),
  z.strictObject({ grant_type: z.literal("sign_in"), sign_in: z.string().max(200) }),
]);
export const tokenResponseSchema = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  /** Seconds. */
  expires_in: z.number(),
  /** Present when a sign-in code was redeemed: keep it, mode 0600. */
  sign_in: z.string().optional(),
});
export type TokenResponse = z.infer<typeof tokenResponseSchema>;

/** POST /v1/session, from a page of the portal: a sign-in code for a cookie. */
export const sessionRequestSchema = z.strictObject({ code: z.string().min(1).max(200) });
export const sessionSchema = z.object({ account: z.string(), expires_at: z.string() });
export type SessionView = z.infer<typeof sessionSchema>;
/** A link that signs a browser in as the person who asked for it, once. */
export const signInLinkSchema = z.object({ link: z.string(), expires_at: z.string() });
export type SignInLink = z.infer<typeof signInLinkSchema>;

/** Lists are paged by cursor. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional() });
}
export const eventPageSchema = pageOf(workspaceEventSchema);

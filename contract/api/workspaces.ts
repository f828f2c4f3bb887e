import { z } from "zod";
import { estimateSchema } from "../estimate.ts";
import { leftFileSchema } from "../left-files.ts";
import { limitNoteSchema } from "../limit-notes.ts";
import { NAME_PATTERN, PARAMETER_PATTERN, PERSONA_ID_PATTERN, WORKSPACE_ID_PATTERN } from "../persona.ts";
import { PRIORITY_NAMES } from "../resources.ts";
import { DESIRED_STATES, REASON_NAMES, WORKSPACE_STATES } from "../states.ts";
import { textReason } from "../text.ts";
import { CLOSED_WAYS, type TransferWay } from "../transfer-ways.ts";
import { USE_NAMES, type Use } from "../uses.ts";
import { amountsSchema } from "./amounts.ts";
import { launchableSchema, launchViewSchema } from "./launches.ts";

const NAME_WORDS = { error: "may have lower-case letters, digits and inner hyphens, at most 63" };

export const workspaceRequestSchema = z.strictObject({
  persona_id: z.string().regex(PERSONA_ID_PATTERN, NAME_WORDS),
  environment: z.string().regex(NAME_PATTERN, NAME_WORDS).optional(),
  /** A draft of one's own, to try it out; without it the version that everybody gets. */
  version: z.number().int().min(1).optional(),
  name: z
    .string()
    .regex(NAME_PATTERN, NAME_WORDS)
    .refine((name) => !WORKSPACE_ID_PATTERN.test(name), { error: "has the form of a workspace's id; commands would take it for one" })
    .optional(),
  parameters: z.record(z.string().regex(PARAMETER_PATTERN), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** false: answer insufficient_resources at once instead of queueing. */
  wait: z.boolean().optional(),
  /** May lower the persona's priority; may raise it up to the person's grant. */
  priority: z.enum(PRIORITY_NAMES as [string, ...string[]]).optional(),
  /** The person's own, a language tag as browsers have it ("de-AT"): before the persona's. What is not known here counts as not said. */
  locale: z.string().max(64).optional(),
  /** The person's own, of the IANA database: before the persona's. What is not known here counts as not said. */
  time_zone: z.string().max(64).optional(),
});
export type WorkspaceRequest = z.infer<typeof workspaceRequestSchema>;

export const phaseTimeSchema = z.object({ phase: z.string(), took: z.number() });

/** For how long nobody has used it, when it is suspended if that goes on, and why. Seconds. */
const idleSchema = z.object({
  for: z.number(),
  left: z.number(),
  warned: z.boolean(),
  /** As a sentence, with the numbers. */
  why: z.string(),
  /** Every way in which it was used since it became ready, the newest first, which is its last use. */
  uses: z.array(z.object({ use: z.enum(USE_NAMES as [Use, ...Use[]]), ago: z.number() })),
  /** RFC 3339: when it is suspended, unless it is used until then. */
  suspends_at: z.string(),
});

export const workspaceViewSchema = z.object({
  workspace_id: z.string(),
  persona_id: z.string(),
  persona_name: z.string(),
  version: z.number().int(),
  /** It was made of a draft, which may be discarded or replaced by now. Absent: of a published version. */
  draft: z.boolean().optional(),
  /** Nobody can request its persona any more; this one goes on until it is given back. */
  retired: z.boolean().optional(),
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
  /** While it is ready, where the persona sets a limit for not being used. */
  idle: idleSchema.optional(),
  /** How full its home is, as of the last look. */
  home: z.object({ state: z.enum(["roomy", "nearly_full", "full"]), why: z.string() }).optional(),
  /** Limits that its programs hit lately, the newest first. */
  limits_hit: z.array(limitNoteSchema).optional(),
  /** Files of its home into which the persona's keys could not be set at its last start; they are as its person left them. */
  left_files: z.array(leftFileSchema).optional(),
  /** Nobody can enter it, as of the last look, though it runs. */
  shut: z.object({ since: z.string(), why: z.string() }).optional(),
  /** The databases of its persona, while it runs: given, or ended before it did. */
  data_access: z.array(z.object({ source: z.string(), access: z.enum(["read", "write"]), state: z.enum(["given", "ended"]) })).optional(),
  /** What its persona keeps closed; absent: nothing. */
  closed_ways: z.array(z.enum(Object.keys(CLOSED_WAYS) as [TransferWay, ...TransferWay[]])).optional(),
  /** Whether its home outlives its release, unless the release says otherwise. */
  keeps_home: z.boolean(),
  receipt: z.lazy(() => receiptSchema).optional(),
});
export type WorkspaceView = z.infer<typeof workspaceViewSchema>;

export const receiptSchema = z.object({
  workspace_id: z.string(),
  persona_id: z.string(),
  released_at: z.string(),
  /** When it was asked for; absent in receipts of earlier versions. */
  requested_at: z.string().optional(),
  /** For how long it held its resources, in ms: without the time that it waited or was suspended. */
  held: z.number(),
  /** Who else than its person wanted that, and why. */
  note: z.string().optional(),
  freed: amountsSchema,
  deleted: z.array(z.string()),
  kept: z.array(z.object({ what: z.string(), bytes: z.number(), until: z.string().optional(), charged_to: z.string() })),
});
export type Receipt = z.infer<typeof receiptSchema>;

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

/** Shown to the person whose workspace it is; needed from everybody else. */
const reasonSchema = z
  .string()
  .max(200)
  .refine((value) => textReason(value) === undefined, { error: ({ input }) => textReason(String(input)) })
  .optional();

/** Without `with_home` a home is kept where the persona keeps it; where somebody else gives the workspace back, always. */
export const releaseRequestSchema = z.strictObject({ with_home: z.boolean().optional(), reason: reasonSchema });
export const suspendRequestSchema = z.strictObject({ reason: reasonSchema });

/** In which order workspaces are listed: by when they were requested, by their people's names, by persona, or by how far they are. */
export const WORKSPACE_ORDERS = ["requested", "owner", "persona", "state"] as const;
export type WorkspaceOrder = (typeof WORKSPACE_ORDERS)[number];

import { z } from "zod";
import { APPLICATION_KINDS } from "../application-kinds/index.ts";
import { APPLICATION_ICONS, LAUNCH_STATES } from "../states.ts";

export const launchableSchema = z.object({
  application: z.string(),
  name: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  /** Of the catalog; without it, the kind says how it looks. */
  icon: z.enum(APPLICATION_ICONS).optional(),
  /** What it must be given, without which it only says so and ends: completes "It needs …". */
  needs: z.string().optional(),
});
export type Launchable = z.infer<typeof launchableSchema>;

/** Every workspace has it, unless an application of that name is there: a login shell in a terminal of its own, which outlives who looks at it. */
export const SHELL: Launchable = { application: "shell", name: "Shell", kind: "terminal" };

/** What a desktop application is shown on at first; whoever joins it says what the screen has then. */
export const screenSchema = z.strictObject({
  /** Pixels as pages count them. */
  width: z.number().int().min(100).max(8192),
  height: z.number().int().min(100).max(8192),
  /** Pixels of the display for each of these: 2 is sharp on a screen of twice as many. It stays as it is while the application runs. */
  scale: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(1),
});
export type LaunchScreen = z.infer<typeof screenSchema>;

export const launchViewSchema = z.object({
  launch_id: z.string(),
  workspace_id: z.string(),
  application: z.string(),
  kind: z.enum(APPLICATION_KINDS),
  state: z.enum(LAUNCH_STATES),
  started_at: z.string(),
  ended_at: z.string().optional(),
  exit: z.number().int().optional(),
  /** The last that it said, where it ended soon or badly. */
  said: z.string().optional(),
  /** Only for kind web: the path (with the application's own token, if any) to open first. */
  path: z.string().optional(),
  /** Only for kind desktop: how many pixels of its display stand for each that it counts. */
  scale: z.number().int().optional(),
});
export type LaunchView = z.infer<typeof launchViewSchema>;

export const launchRequestSchema = z.strictObject({
  application: z.string().min(1).max(200),
  arguments: z.array(z.string().max(8192)).max(10_000).optional(),
  columns: z.number().int().min(1).max(1000).optional(),
  rows: z.number().int().min(1).max(1000).optional(),
  screen: screenSchema.optional(),
});
export type LaunchRequest = z.infer<typeof launchRequestSchema>;

/** A TCP port inside a workspace on which a program of its person listens. */
export const portViewSchema = z.object({
  port: z.number().int(),
  /** As its persona calls it. */
  name: z.string().optional(),
});
export type PortView = z.infer<typeof portViewSchema>;

export const ticketRequestSchema = z.strictObject({
  /** What the page at the application's origin told. */
  challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type TicketRequest = z.infer<typeof ticketRequestSchema>;

export const ticketSchema = z.object({
  ticket: z.string(),
  /** The application's own origin, where alone it is good. */
  origin: z.string(),
  expires_at: z.string(),
});
export type Ticket = z.infer<typeof ticketSchema>;

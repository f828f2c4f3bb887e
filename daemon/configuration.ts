import { existsSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { emailSchema, parseBandwidth, parseBytes, ROLES, type Role } from "@guise/contract";
import { z } from "zod";
import { isPrivateWay, type PerPerson, perPersonOf, TOKEN_TYPES, type TokenType } from "#access";
import { CodedError, nearest } from "#foundation";
import { openingReason } from "#persona";
import { SETTINGS, type SettingName } from "./settings.ts";

/** Which engine the setting names. */
export type EngineChoice =
  | { readonly kind: "own" }
  | { readonly kind: "memory" }
  /** Somebody else's, on this machine. */
  | { readonly kind: "foreign"; readonly socketPath: string };

const ENGINE_REMEDY = 'Give "own", "memory" or "unix:///path/docker.sock"';

/** The choice, or why there is none. Pure. */
export function engineChoice(text: string): EngineChoice | string {
  if (text === "own" || text === "memory") return { kind: text };
  if (/^(tcp|ssh|https?|npipe|fd):/.test(text))
    return `${text} is not a socket of this machine: homes are devices of the engine's own machine. ${ENGINE_REMEDY}`;
  const socketPath = /^unix:\/\/(\/.+)$/.exec(text)?.[1];
  return socketPath === undefined ? `"${text}" names no engine. ${ENGINE_REMEDY}` : { kind: "foreign", socketPath };
}

function isBandwidth(text: string): boolean {
  try {
    return parseBandwidth(text) > 0;
  } catch {
    return false;
  }
}

function isBytes(text: string): boolean {
  try {
    return parseBytes(text) >= 0;
  } catch {
    return false;
  }
}

/** Browsers keep the sign-in only where nobody on the way can read it: by https, or on this machine. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  if (origin !== text) return false;
  return protocol === "https:" || (protocol === "http:" && (hostname === "localhost" || hostname.endsWith(".localhost")));
}

function isApplicationsOrigin(text: string): boolean {
  return /^https?:\/\/\*\.[^*]+$/.test(text) && isOrigin(text.replace("*", "any"));
}

/** OpenID Connect Discovery 1.0: an https address without query and fragment. One of this machine is nobody else's to read. */
function isIssuer(text: string): boolean {
  return isPrivateWay(text) && !/[?#]/.test(text);
}

/** What signs in there would stand in the log of every proxy. */
function isWebhook(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}

function isMailServer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, password, pathname, search, hash } = new URL(text);
  return (
    (protocol === "smtps:" || protocol === "smtp:") && hostname !== "" && `${password}${search}${hash}${pathname.replace("/", "")}` === ""
  );
}

/** "admins=operator,staff=user", by value; or what is wrong with it. Pure. */
export function rolesByName(text: string): Readonly<Record<string, Role>> | string {
  const names: Record<string, Role> = {};
  for (const pair of text.split(",").map((one) => one.trim())) {
    const at = pair.lastIndexOf("=");
    const role = ROLES.find((one) => one === pair.slice(at + 1));
    if (at < 1 || role === undefined) return `"${pair}" is not value=role, where role is ${ROLES.join(", ")}`;
    names[pair.slice(0, at)] = role;
  }
  return names;
}

const number = (minimum: number) => z.coerce.number().int().min(minimum);

const perPerson = z.coerce.string().transform((text, context): PerPerson => {
  const read = perPersonOf(text);
  if (typeof read !== "string") return read;
  context.addIssue({ code: "custom", message: read });
  return z.NEVER;
});

const configurationSchema = z.strictObject({
  $schema: z.string().optional(),
  home: z.string(),
  host: z
    .string()
    .refine((host) => ["127.0.0.1", "::1", "localhost"].includes(host), { error: "must be a loopback address: there is no TLS here" }),
  port: z.coerce.number().int().min(1).max(65535),
  origin: z.string().refine((origin) => origin === "" || isOrigin(origin), {
    error: 'is not an origin such as "https://guise.example.org": https, or http at a name under localhost; no path',
  }),
  applications_origin: z.string().refine((text) => text === "" || isApplicationsOrigin(text), {
    error:
      'is not a pattern of origins such as "https://*.apps.example.net": https (or http at *.localhost), one * as the first label, no path',
  }),
  issuer: z.string().refine((text) => text === "" || isIssuer(text), {
    error: 'is not an issuer such as "https://login.example.org": https, no query and no fragment',
  }),
  issuer_client: z.string().max(200),
  issuer_client_secret: z.string(),
  issuer_scopes: z
    .string()
    .max(1000)
    .refine((text) => text.split(" ").includes("openid"), { error: 'must have "openid" among its words' }),
  issuer_name: z.string().max(60),
  issuer_audience: z.string().min(1).max(200),
  issuer_token_types: z.string().transform((text, context): readonly TokenType[] => {
    const types = text.split(",").map((one) => TOKEN_TYPES.find((type) => type === one.trim()));
    if (types.every((type) => type !== undefined)) return types;
    context.addIssue({ code: "custom", message: `is not a list of ${TOKEN_TYPES.join(" and ")}` });
    return z.NEVER;
  }),
  issuer_keys: z.string().refine((text) => text === "" || isPrivateWay(text), { error: "is not an https address" }),
  issuer_account_claim: z.string().min(1).max(200),
  issuer_groups_claim: z.string().max(200),
  issuer_roles_claim: z.string().min(1).max(200),
  issuer_roles: z.string().transform((text, context) => {
    const names = rolesByName(text);
    if (typeof names !== "string") return names;
    context.addIssue({ code: "custom", message: names });
    return z.NEVER;
  }),
  engine: z.string().transform((text, context): EngineChoice => {
    const choice = engineChoice(text);
    if (typeof choice !== "string") return choice;
    context.addIssue({ code: "custom", message: choice });
    return z.NEVER;
  }),
  environment: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  guards: number(0),
  bandwidth: z.string().refine((text) => text === "" || isBandwidth(text), { error: 'is not a bandwidth such as "500Mbit" or "1Gbit"' }),
  open_ranges: z.string().superRefine((text, context) => {
    const reason = rangesIn(text)
      .map(openingReason)
      .find((one) => one !== undefined);
    if (reason !== undefined) context.addIssue({ code: "custom", message: reason });
  }),
  held_per_person: perPerson,
  waiting_per_person: perPerson,
  bypass_limit: number(0),
  cpu_overcommit: z.coerce.number().min(1).max(100),
  package_epoch: z.string().min(1).max(40),
  build_sources: z.enum(["yes", "no"]),
  authorities: z.string(),
  image_budget: z.string().refine(isBytes, { error: 'is not an amount such as "10Gi"' }),
  usage_per_person: z.enum(["yes", "no"]),
  webhook: z
    .string()
    .refine((text) => text === "" || isWebhook(text), { error: "is not an address by https, without a name or password in it" }),
  webhook_secret: z.string(),
  webhook_private: z.enum(["yes", "no"]),
  mail_server: z.string().refine((text) => text === "" || isMailServer(text), {
    error: 'is not a server such as "smtps://guise@mail.example.org:465": smtps or smtp, no password, no path',
  }),
  mail_password: z.string(),
  mail_from: z.string().refine((text) => text === "" || emailSchema.safeParse(text).success, { error: "is no e-mail address" }),
  log_level: z.enum(["debug", "info", "warn", "error"]),
} satisfies Record<SettingName | "$schema", z.ZodType>);
export type Configuration = z.infer<typeof configurationSchema>;

export function originOf({ origin, port }: Pick<Configuration, "origin" | "port">): string {
  return origin === "" ? `http://guise.localhost:${port}` : origin;
}

/** So many people tell nothing of one of them. */
const LEAST_PEOPLE = 5;

export function leastPeopleOf({ usage_per_person }: Pick<Configuration, "usage_per_person">): number {
  return usage_per_person === "yes" ? 1 : LEAST_PEOPLE;
}

/** Undefined: web applications have no origins. */
export function applicationsOf({ applications_origin, origin, port }: Configuration): string | undefined {
  if (applications_origin !== "") return applications_origin;
  const portal = new URL(originOf({ origin, port }));
  return portal.protocol === "http:" ? `http://*.localhost:${portal.port}` : undefined;
}

/** A cookie for the whole domain of web applications must not reach the portal. */
function requireApart(configuration: Configuration): void {
  const { applications_origin } = configuration;
  if (applications_origin === "") return;
  const domain = new URL(applications_origin.replace("*", "any")).hostname.slice("any".length);
  const portal = new URL(originOf(configuration)).hostname;
  if (domain === ".localhost" || !`.${portal}`.endsWith(domain)) return;
  throw new ConfigurationError(
    `applications_origin (${SETTINGS.applications_origin.variable}): the portal's host ${portal} lies below ${domain.slice(1)}; give web applications a domain of their own`,
  );
}

/** A client is somebody's. */
function requireIssuer({ issuer, issuer_client, issuer_audience, issuer_token_types }: Configuration): void {
  if (issuer_token_types.includes("JWT") && issuer_audience === issuer_client)
    throw new ConfigurationError(
      `issuer_audience (${SETTINGS.issuer_audience.variable}): it is the client's own, which ID tokens name too; give access tokens another, or take at+jwt alone`,
    );
  if (issuer_client === "" || issuer !== "") return;
  throw new ConfigurationError(
    `issuer_client (${SETTINGS.issuer_client.variable}): there is no provider that it is a client of; give ${SETTINGS.issuer.variable} too`,
  );
}

/** The texts between commas. */
export function rangesIn(text: string): readonly string[] {
  return text
    .split(",")
    .map((range) => range.trim())
    .filter((range) => range !== "");
}

export class ConfigurationError extends CodedError<"configuration_invalid"> {
  constructor(message: string) {
    super("configuration_invalid", message);
  }
}

/** Reads `guise.config.json` in `folder` (or the file that GUISE_CONFIG names) and the GUISE_… variables, which win. */
export function readConfiguration(folder: string, variables: Readonly<Record<string, string | undefined>>): Configuration {
  const file = variables.GUISE_CONFIG ?? join(folder, "guise.config.json");
  const fromFile: Record<string, unknown> = existsSync(file) ? parseFile(file) : {};
  const known = new Set<string>(Object.values(SETTINGS).map(({ variable }) => variable));
  const values: Record<string, unknown> = { ...fromFile };
  for (const [name, setting] of Object.entries(SETTINGS)) values[name] = variables[setting.variable] ?? fromFile[name] ?? setting.default;
  if (values.home === "") values.home = defaultHome();
  const parsed = configurationSchema.safeParse(values);
  if (parsed.success) {
    requireApart(parsed.data);
    requireIssuer(parsed.data);
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? "");
  if (issue?.code === "unrecognized_keys")
    throw new ConfigurationError(`${file}: ${notASetting(issue.keys[0] ?? "", Object.keys(SETTINGS))}`);
  const place = known.has(SETTINGS[name as SettingName]?.variable ?? "") ? `${name} (${SETTINGS[name as SettingName].variable})` : file;
  throw new ConfigurationError(`${place}: ${issue?.message ?? "is not valid"}`);
}

/** Beside the settings: where the file is, where the command keeps its sign-in. */
const OTHER_VARIABLES = ["GUISE_CONFIG", "GUISE_CREDENTIALS"];

/** A sentence for each GUISE_… variable that has no effect. It stops nobody: container platforms set such variables by themselves. Pure. */
export function withoutEffect(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = [...Object.values(SETTINGS).map(({ variable }) => variable as string), ...OTHER_VARIABLES];
  const unknown = Object.keys(variables).filter((name) => name.startsWith("GUISE_") && !known.includes(name));
  return unknown.map((name) => notASetting(name, known));
}

function notASetting(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `${name} is not a setting; ${meant === undefined ? "the settings are in docs/reference/configuration.md" : `did you mean ${meant}?`}`;
}

function parseFile(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new ConfigurationError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function defaultHome(): string {
  return userInfo().uid === 0 ? "/var/lib/guise" : join(homedir(), ".local", "share", "guise");
}

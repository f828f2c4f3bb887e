import { existsSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { emailSchema, parseBandwidth, parseBytes, ROLES, type Role } from "@guise/contract";
import { z } from "zod";
import { isPrivateWay, type PerPerson, perPersonOf } from "#access";
import { CodedError, nearest } from "#foundation";
import { openingReason } from "#persona";

/**
 * Every setting, once: its place in `guise.config.json`, its variable, its default and its meaning.
 * `docs/reference/configuration.md` is written from this list, and a test keeps them equal.
 */
export const SETTINGS = {
  home: {
    variable: "GUISE_HOME",
    default: "",
    meaning: "The folder of all state: database, keys, engine, images, homes. Empty: /var/lib/guise for root, else ~/.local/share/guise.",
  },
  host: { variable: "GUISE_HOST", default: "127.0.0.1", meaning: "The address to listen on. Only loopback: there is no TLS." },
  port: { variable: "GUISE_PORT", default: 7080, meaning: "The port of the API." },
  origin: {
    variable: "GUISE_ORIGIN",
    default: "",
    meaning:
      "Where people open the portal, such as `https://guise.example.org` behind a proxy that ends TLS. Empty: `http://guise.localhost:<port>`. Its host is answered beside the loopback ones.",
  },
  applications_origin: {
    variable: "GUISE_APPLICATIONS_ORIGIN",
    default: "",
    meaning:
      "Where web applications open in the browser, each at a host of its own in the place of `*`, such as `https://*.apps.example.net`: a domain that leads here and has nothing to do with the portal's. Empty: `http://*.localhost`, at the portal's port, where the portal is on this machine; else they open by the command alone.",
  },
  issuer: {
    variable: "GUISE_ISSUER",
    default: "",
    meaning:
      "An OpenID Connect provider whose access tokens are taken beside those of Guise's own accounts: its issuer exactly as it stands in the tokens, such as `https://login.example.org/realms/main`.",
  },
  issuer_audience: { variable: "GUISE_ISSUER_AUDIENCE", default: "guise", meaning: "The audience that its tokens for Guise name." },
  issuer_keys: {
    variable: "GUISE_ISSUER_KEYS",
    default: "",
    meaning: "The address of its keys (JWKS). Empty: what its `/.well-known/openid-configuration` says.",
  },
  issuer_account_claim: {
    variable: "GUISE_ISSUER_ACCOUNT_CLAIM",
    default: "preferred_username",
    meaning: "The claim that names the person for people.",
  },
  issuer_groups_claim: {
    variable: "GUISE_ISSUER_GROUPS_CLAIM",
    default: "groups",
    meaning:
      "The claim with the person's groups. A token without it, or with an empty one, is refused: providers leave groups out when there are too many. Empty: its people are in no group by their tokens.",
  },
  issuer_roles_claim: { variable: "GUISE_ISSUER_ROLES_CLAIM", default: "roles", meaning: "The claim with the person's roles." },
  issuer_roles: {
    variable: "GUISE_ISSUER_ROLES",
    default: "guise-user=user,guise-author=author,guise-operator=operator,guise-auditor=auditor",
    meaning: "What the values of that claim mean here: `value=role`, separated by commas. Other values give nothing.",
  },
  engine: {
    variable: "GUISE_ENGINE",
    default: "own",
    meaning:
      "`own`: Guise's own dockerd, apart from any other on this machine. `unix:///path/docker.sock`: a Docker engine of this machine that somebody else runs, such as `unix:///var/run/docker.sock`; Guise uses it and leaves it alone otherwise. `memory`: the simulated engine; nothing really runs. Changed only after `guise down`; homes do not move from an engine to one with other user ids.",
  },
  environment: {
    variable: "GUISE_ENVIRONMENT",
    default: "production",
    meaning: "The environment of a request that names none, where the persona has it.",
  },
  guards: { variable: "GUISE_GUARDS", default: 2, meaning: "Guards started ahead of demand." },
  bandwidth: {
    variable: "GUISE_BANDWIDTH",
    default: "",
    meaning:
      'Bandwidth of this machine, each way, that workspaces may share, such as "1Gbit". Empty: the link\'s speed, else 1 Gbit/s, shown as assumed.',
  },
  open_ranges: {
    variable: "GUISE_OPEN_RANGES",
    default: "",
    meaning:
      "Address ranges, otherwise closed, that personas may name in `egress`: private ones, those of carriers or for benchmarks. Separated by commas.",
  },
  held_per_person: {
    variable: "GUISE_HELD_PER_PERSON",
    default: "20",
    meaning:
      "How many workspaces one person may have at once, suspended and waiting ones counted; more are refused. With other numbers for groups: `20,interns=3,batch=none`; of several groups the largest counts.",
  },
  waiting_per_person: {
    variable: "GUISE_WAITING_PER_PERSON",
    default: "10",
    meaning:
      "How many workspaces of one person may wait for room at once; written as `held_per_person`. Among equals who holds less comes first, whatever this says.",
  },
  bypass_limit: {
    variable: "GUISE_BYPASS_LIMIT",
    default: 8,
    meaning: "How often younger requests may pass a waiting one before room is held for it.",
  },
  cpu_overcommit: { variable: "GUISE_CPU_OVERCOMMIT", default: 4, meaning: "How many times the cores are given out." },
  package_epoch: { variable: "GUISE_PACKAGE_EPOCH", default: "1", meaning: "Another value builds all images anew with fresh packages." },
  build_sources: {
    variable: "GUISE_BUILD_SOURCES",
    default: "yes",
    meaning:
      "`yes` or `no`: whether packages that are there as source only are built, in closed boxes, with compilers that are gone afterwards. With `no` they are refused by name.",
  },
  authorities: {
    variable: "GUISE_AUTHORITIES",
    default: "",
    meaning:
      "File with certificates (PEM) of a company's own authorities. Everything inside workspaces trusts them beside the distribution's: curl, git, pip, Node, Java, Python. Images get them when they are next used, and packages are fetched from servers of theirs.",
  },
  image_budget: {
    variable: "GUISE_IMAGE_BUDGET",
    default: "10Gi",
    meaning:
      "Disk that images of personas may take in all. Above it the least recently used are removed, and built again when they are asked for; never one that a workspace needs.",
  },
  usage_per_person: {
    variable: "GUISE_USAGE_PER_PERSON",
    default: "no",
    meaning:
      "`yes` or `no`: whether operators see what fewer than five people used, down to a single one. The audit says when that changes, and people are told in the portal.",
  },
  webhook: {
    variable: "GUISE_WEBHOOK",
    default: "",
    meaning:
      "Address that is told what people are told outside the page, by https: a workspace is ready after a wait, is about to be stopped, has failed. Signed as https://www.standardwebhooks.com says. Empty: none.",
  },
  webhook_secret: {
    variable: "GUISE_WEBHOOK_SECRET",
    default: "",
    meaning: "What it is signed with: `whsec_` and 24 to 64 bytes in base64, or better `file:` and the path of a file that has it.",
  },
  webhook_private: {
    variable: "GUISE_WEBHOOK_PRIVATE",
    default: "no",
    meaning: "`yes` or `no`: whether that address may lead into a private network or to this machine, and begin with `http:`.",
  },
  mail_server: {
    variable: "GUISE_MAIL_SERVER",
    default: "",
    meaning:
      "Server that mail to people goes through: `smtps://USER@HOST:465`, or `smtp://USER@HOST:587`, which must offer TLS (STARTTLS) unless it is on this machine. The password is no part of it. Empty: no mail.",
  },
  mail_password: {
    variable: "GUISE_MAIL_PASSWORD",
    default: "",
    meaning: "The password of its user, or better `file:` and the path of a file that has it.",
  },
  mail_from: { variable: "GUISE_MAIL_FROM", default: "", meaning: "The address that mail comes from, such as `guise@example.org`." },
  log_level: { variable: "GUISE_LOG", default: "info", meaning: "`debug`, `info`, `warn` or `error`; the log is in the state folder." },
} as const;
export type SettingName = keyof typeof SETTINGS;

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
  issuer_audience: z.string().min(1).max(200),
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

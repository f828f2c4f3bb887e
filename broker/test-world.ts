import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Estimate, ProblemDetails, Role } from "@guise/contract";
import { createVerifier, type LocalIssuer, openLocalIssuer, openSealing, SCOPES, type Sealing, type TrustedIssuer } from "#access";
import { loadCatalog } from "#applications";
import type { UploadStand } from "#connections";
import { CodedError, countedIds, type Log, ManualClock } from "#foundation";
import type { RegisteredSource } from "#persona";
import type { AnyStep, Repository, WorkspaceRow, WorkspaceStep } from "#repository";
import { MemoryDatabase } from "#repository/memory-database";
import type { Advice, NotResized } from "#resource-manager";
import { type Broker, createBroker } from "./broker.ts";
import type { BrokerDeps, ImageFacts, SignInProvider, SourceFindings, StoredHomeFacts, Waiting } from "./deps.ts";
import type { Limits } from "./limits.ts";
import { codesOf } from "./openapi.ts";
import { createPersonaLanguage } from "./persona-language.ts";
import type { Route } from "./route.ts";
import { allRoutes } from "./routes/index.ts";
import { LiveEventsForTests } from "./test-live-events.ts";
import { UsageForTests } from "./test-usage.ts";

export const HOST = "guise.localhost:7080";
export const ISSUER = `http://${HOST}`;
/** Stands for the built portal. */
const PORTAL = new URL("./test-portal", import.meta.url).pathname;
const CATALOG = new URL("../catalog", import.meta.url).pathname;

/** A broker with a database of its own and everything else by hand; nothing of it is left after `close`. */
export interface World {
  readonly broker: Broker;
  readonly repository: Repository;
  readonly clock: ManualClock;
  readonly issuer: LocalIssuer;
  readonly sealing: Sealing;
  readonly live: LiveEventsForTests;
  readonly usage: UsageForTests;
  readonly routes: readonly Route[];
  readonly hosts: string[];
  advice: Advice;
  resizeAdvice: NotResized | undefined;
  waiting: Waiting[];
  readonly estimates: Map<string, Estimate>;
  storedHomes: StoredHomeFacts[];
  images: ImageFacts[];
  /** What the package mirrors say. */
  packages: Awaited<ReturnType<BrokerDeps["examinePackages"]>>;
  /** What a database is found to be. */
  findings: SourceFindings;
  woken: number;
  ready: boolean;
  readonly logged: Logged[];
  /** What was asked of launcher and streams. */
  readonly asked: unknown[][];
  readonly files: Map<string, Buffer>;
  account(name: string, roles: readonly Role[], groups?: readonly string[]): Promise<string>;
  /** A token of another issuer, whose people are operators here. */
  outsider(name: string): Promise<string>;
  ask(method: string, url: string, options?: Ask): Promise<Asked>;
  usable(persona?: Readonly<Record<string, unknown>>): Promise<void>;
  move(step: Omit<AnyStep, "revision" | "at">): Promise<WorkspaceRow>;
  makeReady(id: string): Promise<WorkspaceRow>;
  close(): Promise<void>;
}

export interface Logged {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const NOTHING = { cpu: 0, ram: 0, storage: 0, ingress: 0, egress: 0 };
const ONCE = { cpu: 1, ram: 1, storage: 1, ingress: 1, egress: 1 };
/** As of a machine whose cores are given out four times. */
const RULES = { kept: { ...NOTHING, cpu: 250 }, times: { ...ONCE, cpu: 4 } };

interface Ask {
  readonly token?: string;
  /** As a page of the portal sends it. */
  readonly cookie?: string;
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> & Partial<ProblemDetails>;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export const PERSONA = {
  persona_id: "tester",
  persona_name: "Tester",
  parameters: { region: { type: "string", default: "EU" } },
  required_applications: ["git"],
  environments: { staging: {}, production: { access_controls: { groups: ["leads"] } } },
  resource_requirements: { cpu: "500m", ram: "256Mi", storage: "64Mi", network_bandwidth: "10Mbit" },
  access_controls: { groups: ["analytics"] },
};

type ProviderIn = (parts: Pick<World, "repository" | "sealing" | "clock">) => SignInProvider;

/** `web`: the way to the one web application. */
export async function openWorld(
  limits: Partial<Limits> = {},
  web = { agent: new Agent(), upgrades: new Agent() },
  providerIn?: ProviderIn,
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "guise-broker-"));
  const clock = new ManualClock();
  const issuer = await openLocalIssuer({ folder: join(folder, "keys"), issuer: ISSUER, clock });
  const sealing = await openSealing(join(folder, "keys"));
  const outer = await outerIssuer(join(folder, "outer-keys"), clock);
  const database = new MemoryDatabase("i1");
  const repository = await database.open(clock);
  const live = new LiveEventsForTests(repository);
  const provider = providerIn?.({ repository, sealing, clock });
  const verifier = createVerifier({
    clock,
    issuers: [
      {
        issuer: ISSUER,
        audience: "guise-api",
        jwks: issuer.jwks("access"),
        algorithms: ["EdDSA"],
        identity: { from: "accounts", accounts: repository, people: provider?.people },
      },
      outer.trusted,
    ],
  });
  const state = {
    advice: { kind: "would_start", node: "node-1" } as Advice,
    resizeAdvice: undefined as NotResized | undefined,
    waiting: [] as Waiting[],
    estimates: new Map<string, Estimate>(),
    storedHomes: [] as StoredHomeFacts[],
    images: [] as ImageFacts[],
    sources: [] as RegisteredSource[],
    findings: { facts: {}, faults: [], notes: [] } as SourceFindings,
    packages: {} as Awaited<ReturnType<BrokerDeps["examinePackages"]>>,
    woken: 0,
    ready: true,
  };
  const catalog = await loadCatalog(CATALOG);
  const language = createPersonaLanguage({
    catalog,
    installation: {
      get dataSources() {
        return state.sources;
      },
      openedRanges: [],
      unenforced: [],
      bases: { here: ["debian-12", "debian-13"], standard: "debian-12" },
      defaultEnvironment: "staging",
    },
  });
  for (const group of ["analytics", "leads", "makers", "sales"]) await repository.createGroup(group, auditOf(clock));
  const usage = new UsageForTests();
  const asked: unknown[][] = [];
  const files = new Map<string, Buffer>();
  const hosts = [HOST];
  const logged: Logged[] = [];
  const broker = await createBroker({
    ...{ repository, verifier, issuer, provider, clock, language, hosts, limits },
    ids: countedIds(),
    sealing,
    dataSources: {
      shipped: [],
      test: async () => state.findings,
      changed: async () => {
        const rows = (await repository.dataSources()).filter(({ removedAt }) => removedAt === undefined);
        state.sources = rows.map(({ source, kind, roles }) => ({ name: source, kind, place: source, writable: roles.write !== undefined }));
      },
    },
    log: logInto(logged),
    admission: {
      advise: () => state.advice,
      adviseResize: (id, amounts) => state.resizeAdvice ?? { kind: "resized", id, node: "node-1", amounts },
      waiting: (id) => state.waiting.find((one) => one.id === id),
      rules: RULES,
      queue: (most) => state.waiting.slice(0, most),
      get length() {
        return state.waiting.length;
      },
    },
    engineStatus: async () => ({ engine: { driver: "memory", reachable: true, facts: {}, warnings: [] }, nodes: [], pools: { guards: 2 } }),
    wake: () => state.woken++,
    launcher: launcherOf(repository, clock, asked),
    streams: { ...streamsOf(asked, files), web: () => web },
    idlenessOf: () => undefined,
    fullnessOf: () => undefined,
    limitsHitBy: () => [],
    shutOf: () => undefined,
    estimateOf: (row) => state.estimates.get(row.id),
    keep: (id) => void asked.push(["keep", id]),
    images: {
      standing: async () => ({ budget: 100, taken: 30, images: state.images }),
      collect: async (budget) => {
        asked.push(["collect", budget]);
        return { removed: ["r"], freed: 20, left: 10 };
      },
    },
    examinePackages: async (_image, sources) => {
      asked.push(["examine", sources.map(({ source }) => source)]);
      return state.packages;
    },
    searchPackages: async (text, base) => {
      asked.push(["search", text, base]);
      return { packages: [{ manager: "apt", name: `${text}-tools`, summary: "What it is." }] };
    },
    storedHomes: async () => state.storedHomes,
    exportStoredHome: async (home) => Readable.from([`image of ${home}`]),
    removeStoredHome: async (home) => void asked.push(["removeStoredHome", home]),
    liveEvents: live,
    usage,
    usageDays: usage,
    leastPeople: 5,
    ready: () => state.ready,
    version: "0.1.0",
    allowances: { held: { usual: 5, groups: { makers: 50 } }, waiting: { usual: 3, groups: {} } },
    portal: { origin: ISSUER, folder: PORTAL },
    applications: "http://*.localhost:7080",
  });
  const routes = allRoutes("0.1.0");
  const world: World = Object.assign(state, {
    ...{ broker, repository, sealing, clock, issuer, live, usage, routes, hosts, logged, asked, files },
    async account(name: string, roles: readonly Role[], groups: readonly string[] = []) {
      await repository.createAccount({ account: name, roles, groups, disabled: false, createdAt: clock.now() }, auditOf(clock));
      return (await issuer.sign("access", { subject: name, scopes: SCOPES, notAfter: clock.now() + 86_400_000 })).token;
    },
    outsider: outer.token,
    ask: (method: string, url: string, options: Ask = {}) => ask(broker, routes, method, url, options),
    usable: (persona: Readonly<Record<string, unknown>> = {}) => publishUsable(repository, clock, persona),
    async move(step: Omit<AnyStep, "revision" | "at">) {
      const row = await repository.workspace(step.id);
      return repository.move({ ...step, revision: row?.revision ?? 0, at: clock.now() } as WorkspaceStep);
    },
    async makeReady(id: string) {
      const amounts = { cpu: 1, ram: 1, storage: 1, ingress: 1, egress: 1 };
      const newGeneration = { engineName: "g1" };
      await world.move({ id, to: "provisioning", reason: "starting", allocate: { node: "node-1", amounts }, newGeneration });
      return world.move({ id, to: "ready", readyAt: clock.now() });
    },
    async close() {
      await broker.close();
      live.close();
      await repository.close();
      await rm(folder, { recursive: true });
    },
  });
  return world;
}

/** Signs like the local one does: its tokens' scopes are read as a role. */
async function outerIssuer(folder: string, clock: ManualClock): Promise<{ trusted: TrustedIssuer; token(name: string): Promise<string> }> {
  const issuer = await openLocalIssuer({ folder, issuer: "https://login.example.org", clock });
  const claims = { account: "sub", groups: "", roles: "scope", roleNames: { [SCOPES.join(" ")]: "operator" } } as const;
  return {
    trusted: {
      ...{ issuer: issuer.issuer, audience: "guise-api", jwks: issuer.jwks("access"), algorithms: ["EdDSA"] },
      identity: { from: "claims", claims },
    },
    token: async (subject) => (await issuer.sign("access", { subject, scopes: SCOPES, notAfter: clock.now() + 86_400_000 })).token,
  };
}

function logInto(logged: Logged[]): Log {
  const at = (level: Logged["level"]) => (facts: object, message: string) => void logged.push({ level, facts: { ...facts }, message });
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), child: () => log };
  return log;
}

function auditOf(clock: ManualClock) {
  return { at: clock.now(), actor: "test", action: "prepare", target: "-", outcome: "done" } as const;
}

async function publishUsable(repository: Repository, clock: ManualClock, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const definition = { ...PERSONA, ...changes };
  const { version } = await repository.publishVersion(
    {
      persona: definition.persona_id,
      name: definition.persona_name,
      digest: `sha256:${JSON.stringify(definition)}`,
      definition,
      ownerGroup: "makers",
      publishedBy: `${ISSUER}#mia`,
      publishedAt: clock.now(),
    },
    auditOf(clock),
  );
  await repository.setBuild(version.persona, version.version, { state: "usable", took: 5 });
}

/** Sends a request past the network, and holds the answer to what the route declares. */
async function ask(broker: Broker, routes: readonly Route[], method: string, url: string, options: Ask): Promise<Asked> {
  const response = await broker.app.inject({
    method: method as "GET",
    url,
    headers: {
      host: HOST,
      ...(options.cookie === undefined ? {} : { cookie: options.cookie, "sec-fetch-site": "same-origin", origin: ISSUER }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.key === undefined ? {} : { "idempotency-key": options.key }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { payload: options.body as object }),
  });
  const json = /json/.test(String(response.headers["content-type"] ?? ""));
  const body: Asked["body"] = json && response.payload !== "" ? JSON.parse(response.payload) : {};
  const route = routes.find((one) => one.method === method && patternOf(one).test(url.split("?")[0] ?? ""));
  if (route !== undefined) holdToContract(route, response.statusCode, body, `${method} ${url}`);
  return { status: response.statusCode, body, text: response.payload, headers: response.headers };
}

function patternOf(route: Route): RegExp {
  return new RegExp(`^${route.url.replace(/[.]/g, "\\.").replace(/:[a-z]+/g, "[^/]+")}$`);
}

function holdToContract(route: Route, status: number, body: Asked["body"], what: string): void {
  if (status >= 400) {
    if (body.code === undefined || !codesOf(route).includes(body.code))
      throw new Error(`${what} gave ${status} ${body.code}, which it does not declare`);
    return;
  }
  const form = route.answers[status];
  if (form === undefined) throw new Error(`${what} gave ${status}, which it does not declare`);
  if (form.schema !== undefined && form.mediaTypes === undefined) form.schema.parse(body);
}

function launcherOf(repository: Repository, clock: ManualClock, asked: unknown[][]): BrokerDeps["launcher"] {
  return {
    async launch(row, request) {
      asked.push(["launch", row.id, request]);
      const launch = { id: `l-${asked.length}`, workspace: row.id, generation: row.generation, application: request.application };
      await repository.recordLaunch({
        ...launch,
        kind: "web",
        state: "running",
        startedAt: clock.now(),
        web: { port: 8888, path: "/lab" },
      });
      const at = new Date(clock.now()).toISOString();
      return {
        launch_id: launch.id,
        workspace_id: row.id,
        application: request.application,
        kind: "web",
        state: "running",
        started_at: at,
        path: "/lab",
      };
    },
    list: async () => [],
    takeCommand: () => undefined,
    commandMoved: async () => {},
    stop: async (row, launch) => void asked.push(["stop", row.id, launch]),
  };
}

function streamsOf(asked: unknown[][], files: Map<string, Buffer>): Omit<BrokerDeps["streams"], "web"> {
  const echo =
    (
      kind: string,
    ): ((
      socket: { on(name: "message", run: (data: Buffer) => void): void; send(data: Buffer): void },
      row: WorkspaceRow,
      more?: unknown,
    ) => void) =>
    (socket, row, more) => {
      asked.push([kind, row.id, more]);
      socket.on("message", (data) => socket.send(data));
    };
  const factsOf = (path: string) => ({ name: path, kind: "file" as const, bytes: files.get(path)?.length ?? 0, mode: 0o644, modified: 0 });
  return {
    exec: echo("exec"),
    terminal: echo("terminal"),
    screen: echo("screen"),
    command: echo("command"),
    connect: echo("connect"),
    ports: async () => [5173, 8888],
    async download(_row, path) {
      const content = files.get(path) ?? Buffer.alloc(0);
      return { stream: Readable.from([content]), bytes: content.length };
    },
    async zip(row, folder, names) {
      asked.push(["zip", row.id, folder, names]);
      return Readable.from([Buffer.from("zipped")]);
    },
    async upload(_row, path, content, { exclusive }) {
      if (exclusive === true && files.has(path)) throw new CodedError("file_exists", `${path} is there already`);
      const parts: Buffer[] = [];
      for await (const part of content) parts.push(part);
      files.set(path, Buffer.concat(parts));
    },
    uploads: uploadsOf(files),
    async makeFolder() {},
    async move(_row, from, to) {
      const content = files.get(from);
      if (content === undefined) throw new CodedError("file_not_found", `there is no ${from}`);
      if (files.has(to)) throw new CodedError("file_exists", `${to} is there already`);
      files.delete(from);
      files.set(to, content);
    },
    async remove(_row, path) {
      if (!files.delete(path)) throw new CodedError("file_not_found", `there is no ${path}`);
    },
    digest: async (_row, path) =>
      createHash("sha256")
        .update(files.get(path) ?? "")
        .digest("hex"),
    stat: async (_row, path) => factsOf(path),
    list: async () => [...files.keys()].map(factsOf),
  };
}

/** Uploads in pieces, kept in memory; a digest is not looked at. */
function uploadsOf(files: Map<string, Buffer>): BrokerDeps["streams"]["uploads"] {
  const begun = new Map<string, { readonly stand: UploadStand; readonly content: Buffer }>();
  const found = (id: string) => {
    const upload = begun.get(id);
    if (upload === undefined) throw new CodedError("not_found", "there is no such upload");
    return upload;
  };
  return {
    async begin(_row, { exclusive: _, ...upload }) {
      const stand = { ...upload, offset: 0, complete: false, changed: 0 };
      begun.set(upload.id, { stand, content: Buffer.alloc(0) });
      return stand;
    },
    list: async () => [...begun.values()].map(({ stand }) => stand),
    stand: async (_row, id) => found(id).stand,
    async append(_row, id, offset, { content }) {
      const upload = found(id);
      if (offset !== upload.stand.offset) throw new CodedError("offset_differs", "elsewhere");
      const all = Buffer.concat([upload.content, await buffer(content)]);
      begun.set(id, { stand: { ...upload.stand, offset: all.length }, content: all });
      return all.length;
    },
    async complete(_row, id, { path, exclusive }) {
      const { stand, content } = found(id);
      const name = path ?? stand.path;
      if (exclusive && files.has(name)) throw new CodedError("file_exists", `${name} is there already`);
      files.set(name, content);
      begun.set(id, { stand: { ...stand, complete: true }, content });
    },
    async remove(_row, id) {
      found(id);
      begun.delete(id);
    },
  };
}

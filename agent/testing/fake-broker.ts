import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { WorkspaceEvent, WorkspaceView } from "@guise/contract";
import { type WebSocket, WebSocketServer } from "ws";
import { problem, workspaceView } from "./views.ts";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Handler = (seen: Seen, response: ServerResponse) => void;

/** A broker as small as tests need it: it keeps workspaces and events in memory, and can lose connections at any point. */
export class FakeBroker implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly workspaces = new Map<string, WorkspaceView>();
  /** Answers that a test gives itself, by "METHOD /v1/path". */
  readonly handlers = new Map<string, Handler>();
  /** Connections that are cut: before the request is handled, or after, when only the answer is lost. */
  readonly losses: { route: string; when: "before" | "after" }[] = [];
  /** Tokens that are accepted; empty: every one. */
  readonly accepted = new Set<string>();
  onSocket: (socket: WebSocket, path: string) => void = (socket) => socket.close();
  readonly #events = new Map<string, WorkspaceEvent[]>();
  readonly #streams = new Set<{ id: string; response: ServerResponse }>();
  readonly #byKey = new Map<string, string>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new WebSocketServer({ noServer: true });
  #count = 0;

  static async start(): Promise<FakeBroker> {
    const broker = new FakeBroker();
    broker.#server.on("upgrade", (request, socket: Duplex, head) => broker.#upgrade(request, socket, head));
    await new Promise<void>((resolve) => broker.#server.listen(0, "127.0.0.1", resolve));
    return broker;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Changes a workspace; the event becomes durable unless it has no state. */
  move(id: string, change: Partial<WorkspaceView>, event: Partial<WorkspaceEvent> = {}): void {
    const before = this.workspaces.get(id) ?? workspaceView({ workspace_id: id });
    const view = { ...before, ...change, revision: before.revision + 1 };
    this.workspaces.set(id, view);
    const told = {
      kind: "state" as const,
      state: view.state,
      ...event,
      id: `${id}.${view.revision}`,
      workspace: id,
      at: view.requested_at,
    };
    this.#events.set(id, [...(this.#events.get(id) ?? []), told]);
    // As it happens it comes with the workspace; replayed later, alone.
    for (const stream of this.#streams)
      if (stream.id === id) send(stream.response, told.kind === "state" ? { ...told, snapshot: { ...view } } : told);
  }

  /** An event that only those who listen now get. */
  tell(id: string, event: Partial<WorkspaceEvent> & Pick<WorkspaceEvent, "kind">): void {
    for (const stream of this.#streams)
      if (stream.id === id) send(stream.response, { workspace: id, at: "2026-01-01T00:00:00Z", ...event });
  }

  cutStreams(): void {
    for (const { response } of this.#streams) response.destroy();
  }

  get listeners(): number {
    return this.#streams.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const url = new URL(request.url ?? "/", this.url);
    const seen = {
      method: request.method ?? "",
      path: url.pathname + url.search,
      headers: request.headers,
      body: Buffer.concat(pieces).toString("latin1"),
    };
    this.seen.push(seen);
    const route = `${seen.method} ${url.pathname}`;
    if (this.#loses(route, "before")) return void response.destroy();
    if (this.#loses(route, "after")) response.writeHead = () => response.destroy() as never;
    if (!this.#isAccepted(request) && !["/v1/token", "/v1/device"].includes(url.pathname))
      return problem(response, "not_authenticated", "The token is old.");
    const handler = this.handlers.get(route) ?? this.#usual(route, url);
    if (handler === undefined) return problem(response, "not_found", "There is no such thing.");
    handler(seen, response);
  }

  #loses(route: string, when: "before" | "after"): boolean {
    const index = this.losses.findIndex((loss) => loss.route === route && loss.when === when);
    if (index !== -1) this.losses.splice(index, 1);
    return index !== -1;
  }

  #isAccepted(request: IncomingMessage): boolean {
    return this.accepted.size === 0 || this.accepted.has((request.headers.authorization ?? "").replace("Bearer ", ""));
  }

  #usual(route: string, url: URL): Handler | undefined {
    const [, id = "", act = ""] = /^\/v1\/workspaces\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const view = this.workspaces.get(id);
    if (route === "GET /v1/me") return (_, response) => json(response, 200, ME);
    if (route === "POST /v1/token")
      return (_, response) => json(response, 200, { access_token: "token-1", token_type: "Bearer", expires_in: 900, sign_in: "sign-in-2" });
    if (route === "POST /v1/workspaces") return (seen, response) => this.#request(seen, response);
    if (route === "GET /v1/workspaces") return (_, response) => json(response, 200, { items: [...this.workspaces.values()] });
    if (view === undefined) return undefined;
    if (act === "" && route.startsWith("GET")) return (_, response) => json(response, 200, this.workspaces.get(id));
    if (act === "/events") return (seen, response) => this.#stream(id, seen, response);
    if (act === "/release") {
      return (_, response) => {
        json(response, 202, view);
      };
    }
    return undefined;
  }

  #request(seen: Seen, response: ServerResponse): void {
    const key = String(seen.headers["idempotency-key"]);
    const { persona_id, environment = "production", name = "main" } = JSON.parse(seen.body);
    const held = [...this.workspaces.values()].find(
      (view) => view.persona_id === persona_id && view.environment === environment && view.name === name,
    );
    const known = this.#byKey.get(key);
    const id = known ?? held?.workspace_id ?? `w-${"a".repeat(19)}${"abcdefgh"[this.#count++]}`;
    if (known === undefined && held === undefined)
      this.workspaces.set(id, workspaceView({ workspace_id: id, persona_id, environment, name }));
    this.#byKey.set(key, id);
    json(response, held !== undefined && known === undefined ? 200 : 202, this.workspaces.get(id));
  }

  #stream(id: string, seen: Seen, response: ServerResponse): void {
    const after = Number(String(seen.headers["last-event-id"] ?? `${id}.0`).split(".")[1]);
    response.writeHead(200, { "content-type": "text/event-stream" }).write("retry: 1000\n\n");
    // One event too many: a broker may not know where inside a revision the reader stopped.
    for (const event of this.#events.get(id) ?? []) if (Number(event.id?.split(".")[1]) > after - 1) send(response, event);
    const stream = { id, response };
    this.#streams.add(stream);
    response.on("close", () => this.#streams.delete(stream));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.#isAccepted(request)) {
      const body = JSON.stringify({ code: "not_authenticated", detail: "The token is old." });
      return void socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.onSocket(opened, request.url ?? ""));
  }
}

const ME = { principal: "p", account: "ada", roles: ["user"], groups: ["analytics"], priority_grant: "normal" };

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  if (!response.destroyed) response.end(JSON.stringify(body));
}

function send(response: ServerResponse, event: WorkspaceEvent): void {
  response.write(`${event.id === undefined ? "" : `id: ${event.id}\n`}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
}

import { AgentError, aborted, errorFromAnswer, unreachable } from "./agent-error.ts";
import { backOff, type Timing } from "./back-off.ts";
import type { OpenSocket, Socket, SocketHandlers } from "./socket.ts";
import type { Tokens } from "./tokens.ts";

export interface Call {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is; not sent again after a lost answer. */
  readonly content?: ReadableStream<Uint8Array> | Uint8Array | Blob;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request may be sent again after a lost answer: reads, and writes that carry an idempotency key. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportParts {
  readonly broker: URL;
  readonly tokens: Tokens;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly timing: Timing;
  /** How long, in ms, an unreachable broker is asked again before `unreachable`. */
  readonly patience: number;
}

/** Requests to the broker: tokens renewed, lost answers asked for again, refusals as AgentError. */
export class Transport {
  readonly parts: TransportParts;

  constructor(parts: TransportParts) {
    this.parts = parts;
  }

  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    return (await this.jsonWithStatus<T>(method, path, call)).body;
  }

  async jsonWithStatus<T>(method: string, path: string, call: Call = {}): Promise<{ status: number; body: T }> {
    return this.#repeated(call, async () => {
      const answer = await this.#once(method, path, call);
      const text = await answer.text();
      return { status: answer.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
    });
  }

  /** The answer with its body still to be read. */
  async open(method: string, path: string, call: Call = {}): Promise<Response> {
    return this.#repeated(call, () => this.#once(method, path, call));
  }

  /** One attempt, no repetition: for a stream whose reader knows where to go on. */
  async openOnce(method: string, path: string, call: Call = {}): Promise<Response> {
    try {
      return await this.#once(method, path, call);
    } catch (error) {
      throw asAgentError(error, this.parts.broker.origin, call.signal);
    }
  }

  async socket(path: string, handlers: SocketHandlers): Promise<Socket> {
    const url = this.#url(path, undefined);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const token = await this.parts.tokens.current();
    const open = (bearer: string | undefined) => this.parts.openSocket(url.href, authorization(bearer), handlers);
    try {
      return await open(token);
    } catch (error) {
      const renewed = error instanceof AgentError && error.code === "not_authenticated" ? await this.parts.tokens.renew(token) : undefined;
      if (renewed === undefined) throw asAgentError(error, this.parts.broker.origin, undefined);
      return await open(renewed);
    }
  }

  async #repeated<T>(call: Call, attempt: () => Promise<T>): Promise<T> {
    const { timing, patience, broker } = this.parts;
    const deadline = timing.now() + patience;
    for (let count = 0; ; count++) {
      try {
        return await attempt();
      } catch (thrown) {
        const error = asAgentError(thrown, broker.origin, call.signal);
        const pause = error.retry_after ?? backOff(count, timing.random);
        if (!mayRepeat(error, call) || timing.now() + pause > deadline) throw error;
        await timing.wait(pause, call.signal);
        if (call.signal?.aborted === true) throw aborted(error);
      }
    }
  }

  async #once(method: string, path: string, call: Call): Promise<Response> {
    if (call.signal?.aborted === true) throw aborted();
    const token = await this.parts.tokens.current();
    const answer = await this.#send(method, path, call, token);
    if (answer.ok) return answer;
    const error = errorFromAnswer(answer.status, await answer.text(), answer.headers.get("retry-after"));
    // A body that was streamed is gone: it cannot be sent a second time.
    if (error.code !== "not_authenticated" || call.content instanceof ReadableStream) throw error;
    const renewed = await this.parts.tokens.renew(token);
    if (renewed === undefined) throw error;
    const second = await this.#send(method, path, call, renewed);
    if (second.ok) return second;
    throw errorFromAnswer(second.status, await second.text(), second.headers.get("retry-after"));
  }

  #send(method: string, path: string, call: Call, token: string | undefined): Promise<Response> {
    const headers: Record<string, string> = { ...call.headers, ...authorization(token) };
    if (call.body !== undefined) headers["content-type"] = "application/json";
    const body = call.body === undefined ? call.content : JSON.stringify(call.body);
    return this.parts.fetch(this.#url(path, call.query), {
      method,
      headers,
      // A redirect could carry the token to another host; the broker never sends one.
      redirect: "error",
      ...(body === undefined ? {} : { body }),
      ...(body instanceof ReadableStream ? { duplex: "half" as const } : {}),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
  }

  #url(path: string, query: Call["query"]): URL {
    const url = new URL(`/v1${path}`, this.parts.broker);
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function mayRepeat(error: AgentError, call: Call): boolean {
  if (error.code === "too_many_requests" || error.code === "unavailable") return !(call.content instanceof ReadableStream);
  return error.code === "unreachable" && call.repeatable === true;
}

/** fetch rejects with a TypeError for every loss of a connection; an abort has its own meaning. */
export function asAgentError(error: unknown, broker: string, signal: AbortSignal | undefined): AgentError {
  if (error instanceof AgentError) return error;
  if (signal?.aborted === true) return aborted(error);
  if (error instanceof SyntaxError) return new AgentError("internal", "Guise's answer cannot be read.", { cause: error });
  return unreachable(broker, error);
}

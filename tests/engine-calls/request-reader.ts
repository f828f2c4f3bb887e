/** One call to the engine's API, as it went over the socket. */
export interface EngineCall {
  readonly method: string;
  /** Without the version of the API and without the query. */
  readonly path: string;
  readonly query: string;
  /** Of JSON bodies; everything else (an image's bytes) is left out. */
  readonly body: unknown;
}

const LARGEST_BODY = 4 * 2 ** 20;
/** After these heads a connection carries a stream in place of requests. */
const HIJACKED = /^\/(exec\/[^/]+\/start|containers\/[^/]+\/attach)$/;

type State =
  | { readonly kind: "head" }
  | { readonly kind: "body"; readonly call: EngineCall; readonly isJson: boolean; left: number }
  | { readonly kind: "rest" };

/** Reads the requests of one connection from what the client sends, in whatever pieces. Whatever it cannot follow is told as a call too. */
export class RequestReader {
  readonly #onCall: (call: EngineCall) => void;
  #state: State = { kind: "head" };
  #held = Buffer.alloc(0);

  constructor(onCall: (call: EngineCall) => void) {
    this.#onCall = onCall;
  }

  push(chunk: Buffer): void {
    if (this.#state.kind === "rest") return;
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#step());
  }

  #step(): boolean {
    const state = this.#state;
    if (state.kind === "rest") return false;
    if (state.kind === "head") return this.#readHead();
    if (!state.isJson || state.left > LARGEST_BODY) {
      const skipped = Math.min(state.left, this.#held.length);
      this.#held = this.#held.subarray(skipped);
      state.left -= skipped;
      if (state.left > 0) return false;
      return this.#done(state.call);
    }
    if (this.#held.length < state.left) return false;
    const body = this.#held.subarray(0, state.left).toString("utf8");
    this.#held = this.#held.subarray(state.left);
    return this.#done({ ...state.call, body: body === "" ? undefined : JSON.parse(body) });
  }

  #readHead(): boolean {
    const end = this.#held.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const [line = "", ...fields] = this.#held.subarray(0, end).toString("latin1").split("\r\n");
    this.#held = this.#held.subarray(end + 4);
    const headers = new Map(
      fields.map((field) => [field.slice(0, field.indexOf(":")).toLowerCase(), field.slice(field.indexOf(":") + 1).trim()]),
    );
    const [method = "", target = ""] = line.split(" ");
    const [path = "", query = ""] = target.split("?");
    const call: EngineCall = { method, path: path.replace(/^\/v[\d.]+(?=\/)/, ""), query: decodeURIComponent(query), body: undefined };
    const isJson = headers.get("content-type")?.startsWith("application/json") === true;
    if (headers.has("transfer-encoding")) {
      // A stream of an unknown length. JSON never comes so: it would be missed.
      this.#state = { kind: "rest" };
      this.#onCall(isJson ? { ...call, body: "unread" } : call);
      return false;
    }
    this.#state = { kind: "body", call, isJson, left: Number(headers.get("content-length") ?? 0) };
    return true;
  }

  #done(call: EngineCall): boolean {
    this.#onCall(call);
    this.#state = HIJACKED.test(call.path) ? { kind: "rest" } : { kind: "head" };
    return this.#state.kind === "head";
  }
}

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";

/** An answer; `body` is undefined where it is no JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: of a stranger, and only looked at
  readonly body: any;
  /** Ms. */
  readonly took: number;
}

export interface Asked {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** As it stands, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is sent in one request may take this long, ms; longer counts as no answer. */
const PATIENCE = 30_000;

/** One request by an ordinary client; status 0 is no answer. */
export async function ask(broker: URL, method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const began = performance.now();
  const body = asked.raw ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
  try {
    const answer = await fetch(new URL(path, broker), {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...asked.headers,
      },
      ...(body === undefined ? {} : { body: body as BodyInit }),
    });
    const said = await answer.text();
    return { status: answer.status, headers: answer.headers, text: said, body: parsed(said), took: performance.now() - began };
  } catch (error) {
    return { status: 0, headers: new Headers(), text: String(error), body: undefined, took: performance.now() - began };
  }
}

/** Lines as they are put on the wire, past any client that would mend them; up to the end of the connection. */
export async function send(broker: URL, ...lines: readonly string[]): Promise<Pick<Answer, "status" | "text" | "body">> {
  const socket = await connected(broker);
  const cut = setTimeout(() => socket.destroy(), PATIENCE);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const said = await text(socket).catch(() => "");
  clearTimeout(cut);
  const [head = "", ...rest] = said.split("\r\n\r\n");
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), text: said, body: parsed(rest.join("\r\n\r\n")) };
}

export async function connected(broker: URL): Promise<Socket> {
  const socket = connect(Number(broker.port), broker.hostname).on("error", () => {});
  await once(socket, "connect");
  return socket;
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

/** "400 invalid" in a line. */
export function seen({ status, body, text: said }: Pick<Answer, "status" | "text" | "body">): string {
  const code = body?.code === undefined ? "" : ` ${body.code}`;
  const part = body?.part === undefined ? "" : `, part ${body.part}`;
  const [problem] = Array.isArray(body?.problems) ? body.problems : [];
  const why = problem === undefined ? "" : `: ${problem.path} ${problem.message}`;
  return status === 0 ? `no answer (${said.slice(0, 80)})` : `${status}${code}${part}${why}`.slice(0, 160);
}

import { request } from "node:http";
import type { Running } from "./command.ts";

export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A web application that `guise launch --port PORT` serves, as a browser sees it that was given the link which the command prints. */
export class Served {
  readonly host: string;
  readonly #port: number;
  readonly #ticket: string;
  #cookie = "";

  private constructor(host: string, port: number, ticket: string) {
    this.host = host;
    this.#port = port;
    this.#ticket = ticket;
  }

  static async by(serving: Running, port: number): Promise<Served> {
    const { host = "", ticket = "" } = await serving.matched(/http:\/\/(?<host>\S+?)\/\.guise\/open#(?<ticket>\S+)/);
    return new Served(host, port, ticket);
  }

  /** Follows the link, which works once; from then on the browser has the cookie. */
  async open(): Promise<Answer> {
    const headers = { origin: `http://${this.host}`, "sec-fetch-site": "same-origin" };
    const opened = await ask({ host: this.host, port: this.#port, method: "POST", path: "/.guise/open", headers, body: this.#ticket });
    if (opened.status !== undefined && opened.status < 400) this.#cookie = String(opened.headers["set-cookie"]).split(";")[0] ?? "";
    return opened;
  }

  /** `host`: by another name than its own. */
  get(path: string, host = this.host): Promise<Answer> {
    const headers = this.#cookie === "" ? {} : { cookie: this.#cookie };
    return ask({ host, port: this.#port, method: "GET", path, headers, body: undefined });
  }
}

interface Asked {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function ask({ host, port, method, path, headers, body }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, method, path, headers: { host, ...headers } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: text }));
    });
    call.on("error", reject);
    call.end(body);
  });
}

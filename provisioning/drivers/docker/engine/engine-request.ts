import { request } from "node:http";
import { connect } from "node:net";

/** One request to an engine's socket, without a client library: what the engine's own start and end need. Rejects when nobody answers in time. */
export function engineRequest(
  socketPath: string,
  method: "GET" | "DELETE",
  path: string,
  limit = 60_000,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, agent: false, timeout: limit }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        body += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`${method} ${path}: no answer in ${limit} ms`)));
    asked.on("error", reject);
    asked.end();
  });
}

export async function engineAnswers(socketPath: string): Promise<boolean> {
  return engineRequest(socketPath, "GET", "/_ping", 5_000).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Somebody listens on the socket. */
export function socketAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

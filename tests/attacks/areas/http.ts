import type { Area, Attempt } from "../attempt.ts";
import { seen, send } from "../http.ts";

/** Lines on the wire; HOST stands for the right one. `status`: the only right answer, as problem details. */
function wire(what: string, status: number, ...lines: readonly string[]): Attempt {
  return {
    what,
    async try({ broker }) {
      const answer = await send(broker, ...lines.map((line) => line.replace("HOST", broker.host)), "connection: close");
      const isProblem = answer.text.toLowerCase().includes("application/problem+json");
      return { right: answer.status === status && isProblem, seen: `${seen(answer)}${isProblem ? "" : ", no problem details"}` };
    },
  };
}

const LONG = "a".repeat(20_000);

const absent = (path: string): Attempt => ({
  what: `ids of other lengths at ${path} are told apart from one that is absent`,
  async try(target) {
    const answers = await Promise.all(
      [1, 22, 100, 250, 1000, 8000].map(async (length) => {
        const { status, body } = await target.as(target.mallory, "GET", path.replace("ID", "a".repeat(length)));
        return JSON.stringify([status, { ...body, request_id: "", instance: "" }]);
      }),
    );
    const kinds = new Set(answers);
    return {
      right: kinds.size === 1 && answers[0]?.startsWith("[404") === true,
      seen: `${kinds.size} kinds of answer: ${[...kinds].map((kind) => kind.slice(1, 4)).join(", ")}`,
    };
  },
});

export const HTTP: Area = {
  name: "HTTP",
  right: "refused",
  attempts: [
    wire("two hosts", 400, "GET /livez HTTP/1.1", "host: HOST", "host: evil.example"),
    wire("no host", 400, "GET /livez HTTP/1.1"),
    wire("another host", 421, "GET /livez HTTP/1.1", "host: evil.example"),
    wire("an absolute target at another host", 421, "GET http://evil.example/livez HTTP/1.1", "host: HOST"),
    wire("an absolute target with somebody before the host", 421, "GET http://HOST@evil.example/livez HTTP/1.1", "host: HOST"),
    wire("no HTTP", 400, "hello"),
    wire("a length beside chunks", 400, "POST /v1/token HTTP/1.1", "host: HOST", "content-length: 1", "transfer-encoding: chunked"),
    wire("two lengths", 400, "POST /v1/token HTTP/1.1", "host: HOST", "content-length: 1", "content-length: 2"),
    wire("a header that goes on in the next line", 400, "GET /livez HTTP/1.1", "host: HOST", "x-a: 1", " 2"),
    wire("a space before a colon", 400, "GET /livez HTTP/1.1", "host: HOST", "x-a : 1"),
    wire("headers of 20,000 bytes", 431, "GET /livez HTTP/1.1", "host: HOST", `x-a: ${LONG}`),
    wire("an address of 20,000 bytes", 431, `GET /${LONG} HTTP/1.1`, "host: HOST"),
    wire("TRACE", 405, "TRACE /livez HTTP/1.1", "host: HOST"),
    wire("a tunnel", 405, "CONNECT evil.example:443 HTTP/1.1", "host: HOST"),
    wire("another page's question whether it may", 405, "OPTIONS /v1/me HTTP/1.1", "host: HOST", "origin: https://evil.example"),
    absent("/v1/workspaces/ID"),
    absent("/v1/personas/ID"),
    {
      what: "a body of another media type",
      async try(target) {
        const answer = await target.ask("POST", "/v1/token", { raw: "<a/>", headers: { "content-type": "text/xml" } });
        return { right: answer.status === 415 && answer.body?.problems === undefined, seen: seen(answer) };
      },
    },
    {
      what: "a wrong body for a token is named by its field",
      async try(target) {
        const answer = await target.ask("POST", "/v1/token", { body: { grant_type: "sign_in_cod" } });
        return { right: answer.status === 400 && answer.body?.problems?.[0]?.path === "$.grant_type", seen: seen(answer) };
      },
    },
    {
      what: "a session for a page of somebody else's",
      async try(target) {
        const { body } = await target.as(target.mallory, "POST", "/v1/me/sign-in-link");
        const code = new URL(body.link).hash.replace(/^#code=([^&]*).*$/, "$1");
        const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
        const answer = await target.ask("POST", "/v1/session", { body: { code }, headers });
        return { right: answer.status === 403 && !answer.headers.has("set-cookie"), seen: seen(answer) };
      },
    },
    {
      what: "a member __proto__",
      async try(target) {
        const answer = await target.as(target.mallory, "POST", "/v1/personas/validate", { raw: '{"document":"{}","__proto__":{"a":1}}' });
        return { right: answer.status === 400, seen: seen(answer) };
      },
    },
    {
      what: "a workspace of somebody else is told apart from one that is not there",
      async try(target) {
        const { id } = await target.workspace();
        const other = await target.person();
        const [foreign, none] = await Promise.all(
          [id, "w-aaaaaaaaaaaaaaaaaaaa"].map((one) => target.as(other, "GET", `/v1/workspaces/${one}`)),
        );
        const same =
          foreign?.status === 404 &&
          JSON.stringify({ ...foreign.body, request_id: 0 }) === JSON.stringify({ ...none?.body, request_id: 0 });
        return { right: same, seen: foreign === undefined ? "" : seen(foreign) };
      },
    },
    {
      what: "a NUL in the argument of a command",
      needs: ["engine"],
      async try(target) {
        const said = await (await target.workspace()).exec(["echo", "a\0b"]).then(
          ({ exit, stdout }) => ({ right: false, seen: `exit ${exit}: ${JSON.stringify(stdout)}` }),
          (error: { code?: string }) => ({ right: error.code === "invalid_arguments", seen: String(error.code) }),
        );
        return said;
      },
    },
    {
      what: "a command of the name -c that is taken for an option",
      needs: ["engine"],
      async try(target) {
        const { exit, stdout } = await (await target.workspace()).exec(["-c", "echo taken"]);
        return { right: exit === 127 && !stdout.includes("taken"), seen: `exit ${exit}` };
      },
    },
  ],
};

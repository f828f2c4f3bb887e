import fc from "fast-check";
import { expect, test } from "vitest";
import { type EngineCall, RequestReader } from "./request-reader.ts";

function read(pieces: readonly Buffer[]): EngineCall[] {
  const calls: EngineCall[] = [];
  const reader = new RequestReader((call) => calls.push(call));
  for (const piece of pieces) reader.push(piece);
  return calls;
}

const request = (line: string, body = "", type = "application/json") =>
  `${line} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const SPOKEN = Buffer.from(
  [
    request("GET /v1.41/containers/json?filters=%7B%22a%22%3A1%7D"),
    request("POST /containers/create?name=s-1", '{"User":"1:1","Name":"ü"}'),
    request("POST /images/create?fromSrc=-", "bytes of an image {", "application/x-tar"),
    request("POST /exec/abc/start", '{"Detach":false}'),
    "whatever the stream says\r\n\r\nGET /containers/abc/archive HTTP/1.1\r\n\r\n",
  ].join(""),
);

test("requests of one connection are read whatever pieces they come in, up to the stream that follows", () => {
  const cuts = fc.array(fc.integer({ min: 1, max: SPOKEN.length - 1 }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (at) => {
      const places = [0, ...at.toSorted((one, other) => one - other), SPOKEN.length];
      const calls = read(places.slice(1).map((end, index) => SPOKEN.subarray(places[index], end)));
      expect(calls).toEqual([
        { method: "GET", path: "/containers/json", query: 'filters={"a":1}', body: undefined },
        { method: "POST", path: "/containers/create", query: "name=s-1", body: { User: "1:1", Name: "ü" } },
        { method: "POST", path: "/images/create", query: "fromSrc=-", body: undefined },
        { method: "POST", path: "/exec/abc/start", query: "", body: { Detach: false } },
      ]);
    }),
  );
});

test("a body of unknown length is told as one that was not read", () => {
  const chunked = Buffer.from(
    "POST /containers/create HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
  );
  expect(read([chunked])).toEqual([{ method: "POST", path: "/containers/create", query: "", body: "unread" }]);
});

import { describe, expect, test } from "vitest";
import { applicationLabel, workspaceOfLabel } from "./application-host.ts";
import { onwardAnswer } from "./onward-answer.ts";
import { onwardRequest } from "./onward-request.ts";

const isOurs = (name: string) => name.toLowerCase().startsWith("__host-guise-");
const PORTAL = "https://guise.example";
const framed = (...raw: string[]) => onwardAnswer(raw, { isOurs, framedBy: PORTAL });
const OWN_POLICY = ["Content-Security-Policy", `frame-ancestors 'self' ${PORTAL}`];

describe("what a browser sends", () => {
  test("goes on without our cookies and tokens, without this hop's headers and what would be believed of a proxy", () => {
    const raw = [
      ...["Host", "a", "Cookie", "app=1; __Host-guise-application=x; __HOST-GUISE-nonce=y; b=2", "Authorization", "Bearer ours"],
      ...["Connection", "keep-alive, X-Once", "X-Once", "1", "X-Forwarded-For", "1.2.3.4", "Forwarded", "for=1", "Accept", "*/*"],
    ];
    const ours = { isOurs, holdsCredential: (text: string) => text === "ours" };
    expect(onwardRequest(raw, ours)).toEqual(["Host", "a", "Cookie", "app=1; b=2", "Accept", "*/*"]);
    expect(onwardRequest(["Cookie", "__Host-guise-application=x", "Authorization", "token own"], ours)).toEqual([
      "Authorization",
      "token own",
    ]);
  });
});

describe("what an application answers", () => {
  test("reaches no further than its own page", () => {
    const raw = [
      "Alt-Svc",
      "h3=:1",
      "Strict-Transport-Security",
      "max-age=9",
      "Service-Worker-Allowed",
      "/",
      "Clear-Site-Data",
      '"*"',
      "Transfer-Encoding",
      "chunked",
      "ETag",
      "1",
    ];
    expect(onwardAnswer(raw, { isOurs })).toEqual(["ETag", "1"]);
  });

  test.each([
    ["_xsrf=1; Path=/", "_xsrf=1; Path=/; Secure; SameSite=None; Partitioned"],
    ["a=1; Domain=localhost; HttpOnly; SameSite=Strict; secure", "a=1; HttpOnly; Secure; SameSite=None; Partitioned"],
    [
      "a=secure; Expires=Thu, 01 Jan 2026 00:00:00 GMT",
      "a=secure; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Secure; SameSite=None; Partitioned",
    ],
  ])("its cookie %s is kept inside the portal's page too", (set, kept) => {
    expect(framed("Set-Cookie", set)).toEqual(["Set-Cookie", kept, ...OWN_POLICY]);
  });

  test("no cookie of it has a name of ours", () => {
    expect(framed("Set-Cookie", "__Host-guise-application=x; Secure; Path=/", "Set-Cookie", " __host-GUISE-nonce =x")).toEqual(OWN_POLICY);
  });

  test.each([
    ["frame-ancestors 'self'", undefined],
    ["frame-ancestors 'none'; report-uri /r", "report-uri /r"],
    ["default-src 'self'; Frame-Ancestors https://a b; script-src x", "default-src 'self'; script-src x"],
    ["frame-ancestors a, sandbox allow-scripts; frame-ancestors", "sandbox allow-scripts"],
    ["default-src frame-ancestors.example", "default-src frame-ancestors.example"],
  ])("of the policy %s all stays but who may frame it", (policy, kept) => {
    const rest = kept === undefined ? [] : ["content-security-policy", kept];
    expect(framed("X-Frame-Options", "DENY", "content-security-policy", policy)).toEqual([...rest, ...OWN_POLICY]);
  });

  test.each([
    ["http://127.0.0.1:8888/lab?a=1", "/lab?a=1"],
    ["http://localhost:8888", "/"],
    ["https://[::1]:1/x#y", "/x#y"],
    ["http://0.0.0.0?x", "/?x"],
    ["/lab", "/lab"],
    ["lab", "lab"],
    ["http://localhost.evil.example/", "http://localhost.evil.example/"],
    ["https://login.example/?to=http://localhost:8888/", "https://login.example/?to=http://localhost:8888/"],
  ])("a redirect to %s goes to %s", (location, kept) => {
    expect(onwardAnswer(["Location", location], { isOurs })).toEqual(["Location", kept]);
  });
});

test("an application's host names its workspace, and has room in a label whatever its name", () => {
  const id = "w-abcdefghijklmnopqrst";
  expect(applicationLabel("code-server", id)).toBe(`code-server--${id}`);
  expect(applicationLabel("apt:Foo_Bar!", id)).toBe(`apt-foo-bar--${id}`);
  const long = applicationLabel(`${"a".repeat(38)}-b`, id);
  expect([long.length <= 63, long.includes("---")]).toEqual([true, false]);
  for (const label of [applicationLabel("jupyterlab", id), long]) expect(workspaceOfLabel(label)).toBe(id);
  for (const label of ["guise", "www", `x--${id}-y`, `--${id}`, `x.y--${id}`, `X--${id}`, "x--w-", "localhost"])
    expect(workspaceOfLabel(label)).toBeUndefined();
});

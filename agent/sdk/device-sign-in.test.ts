import { expect, test } from "vitest";
import { deviceSignIn } from "./device-sign-in.ts";

const ASKED = {
  ...{ device_code: "d", user_code: "BCDF-GHJK", verification_uri: "https://guise.example.org/device" },
  ...{ verification_uri_complete: "https://guise.example.org/device?code=BCDF-GHJK", expires_in: 600, interval: 2 },
};
const problem = (status: number, code: string) => ({ status, body: { code, title: code, status, detail: code, retry: "no" } });
type Said = { readonly status: number; readonly body: unknown } | "lost";

/** A broker that says one thing after the other, and a clock that only moves when somebody waits. */
function world(...said: Said[]) {
  const seen: unknown[] = [];
  const waited: number[] = [];
  let now = 0;
  const answers = [{ status: 201, body: ASKED }, ...said];
  const send: typeof fetch = async (input, init) => {
    seen.push([new URL(String(input)).pathname, JSON.parse(String(init?.body))]);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined || answer === "lost") throw new TypeError("fetch failed");
    return new Response(JSON.stringify(answer.body), { status: answer.status });
  };
  const timing = {
    now: () => now,
    wait: async (ms: number) => {
      waited.push(ms);
      now += ms;
    },
    random: () => 0,
  };
  const shown: string[] = [];
  const options = { broker: "https://guise.example.org", client: "guise on desk", fetch: send, timing };
  const signIn = (signal?: AbortSignal) =>
    deviceSignIn({ ...options, show: ({ user_code }) => shown.push(user_code), ...(signal === undefined ? {} : { signal }) });
  return { seen, waited, shown, signIn };
}

test("shows the code, asks at the interval that it is told, over lost answers, and gives the sign-in", async () => {
  const { signIn, seen, waited, shown } = world({ status: 202, body: { interval: 3 } }, "lost", problem(503, "unavailable"), {
    status: 200,
    body: { access_token: "a", token_type: "Bearer", expires_in: 600, sign_in: "kept" },
  });
  expect(await signIn()).toBe("kept");
  expect(shown).toEqual(["BCDF-GHJK"]);
  expect(waited).toEqual([2000, 3000, 2000, 2000]);
  expect(seen[0]).toEqual(["/v1/device", { client: "guise on desk" }]);
  expect(seen[1]).toEqual(["/v1/token", { grant_type: "device_code", device_code: "d" }]);
});

test.each([
  ["not_permitted", problem(403, "not_permitted")],
  ["not_authenticated", problem(401, "not_authenticated")],
] as const)("ends with %s", async (code, said) => {
  await expect(world(said).signIn()).rejects.toMatchObject({ code });
});

test("ends when nobody allowed it in time, and when it is stopped", async () => {
  const { signIn, waited } = world({ status: 202, body: { interval: 60 } });
  await expect(signIn()).rejects.toMatchObject({ code: "not_authenticated" });
  expect(waited.length).toBe(11);
  await expect(world({ status: 202, body: { interval: 1 } }).signIn(AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
});

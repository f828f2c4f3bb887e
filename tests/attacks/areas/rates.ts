import type { Socket } from "node:net";
import type { Area, Outcome } from "../attempt.ts";
import { definition } from "../definition.ts";
import { type Answer, connected, seen } from "../http.ts";
import type { Person } from "../person.ts";
import type { Target } from "../target.ts";

const LASTS = 3_000;

/** While `attack` is repeated so many times a second, somebody signed in asks, somebody signs in with a right code, and a sign-in is renewed. */
async function beside(target: Target, perSecond: number, attack: () => Promise<unknown>): Promise<Outcome> {
  const { body } = await target.as(target.mallory, "POST", "/v1/me/sign-in-link");
  const code = new URL(body.link).hash.replace(/^#code=([^&]*).*$/, "$1");
  const under: Promise<unknown>[] = [];
  const timer = setInterval(() => {
    for (let count = 0; count < perSecond / 20; count++) under.push(attack());
  }, 50);
  await new Promise((resolve) => setTimeout(resolve, LASTS));
  const asked = await target.as(target.mallory, "GET", "/v1/workspaces");
  const redeemed = await target.ask("POST", "/v1/token", { body: { grant_type: "sign_in_code", code } });
  const renewed = await target.ask("POST", "/v1/token", { body: { grant_type: "sign_in", sign_in: target.mallory.sign_in } });
  clearInterval(timer);
  await Promise.all(under);
  const right = [asked, redeemed, renewed].every(({ status }) => status === 200);
  return { right, seen: `${under.length} attacks; list ${seen(asked)}, right code ${seen(redeemed)}, renewal ${seen(renewed)}` };
}

async function idle(target: Target, count: number): Promise<Outcome> {
  const sockets: Socket[] = [];
  try {
    for (let made = 0; made < count; made += 100)
      sockets.push(
        ...(
          await Promise.all(Array.from({ length: Math.min(100, count - made) }, () => connected(target.broker).catch(() => undefined)))
        ).filter((one) => one !== undefined),
      );
    const asked = await target.as(target.mallory, "GET", "/v1/workspaces");
    const open = sockets.filter(({ destroyed, readyState }) => !destroyed && readyState === "open").length;
    return {
      right: asked.status === 200,
      seen: `${sockets.length} made, ${open} still open; list ${seen(asked)} in ${Math.round(asked.took)} ms`,
    };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Requests without end on one connection, no answer being waited for. */
async function endless(target: Target): Promise<Outcome> {
  const socket = await connected(target.broker);
  const requests = Buffer.from(`GET /v1/me HTTP/1.1\r\nHost: ${target.broker.host}\r\n\r\n`.repeat(1000));
  const more = () => {
    while (!socket.destroyed && socket.write(requests));
  };
  socket.on("drain", more).on("error", () => {});
  socket.resume();
  more();
  const times: number[] = [];
  let refused = 0;
  for (const until = performance.now() + LASTS; performance.now() < until; ) {
    const asked = await target.as(target.mallory, "GET", "/v1/workspaces");
    times.push(asked.took);
    if (asked.status !== 200) refused++;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  socket.destroy();
  const most = Math.round(Math.max(...times));
  return { right: refused === 0 && most < 1_000, seen: `${times.length} lists asked, ${refused} refused, ${most} ms at most` };
}

export const RATES: Area = {
  name: "rates",
  right: "held",
  attempts: [
    {
      what: "100 wrong codes a second refuse nobody who is signed in or has a right one",
      try: (target) =>
        beside(target, 100, () => target.ask("POST", "/v1/token", { body: { grant_type: "sign_in_code", code: "x".repeat(43) } })),
    },
    {
      what: "100 wrong tokens a second refuse nobody",
      try: (target) => beside(target, 100, () => target.ask("GET", "/v1/me", { token: "a.b.c" })),
    },
    {
      what: "100 pictures a second of a page of somebody else's refuse nobody",
      try: (target) =>
        beside(target, 100, () =>
          target.ask("GET", "/v1/workspaces", {
            headers: { referer: "https://evil.example/", "sec-fetch-site": "cross-site", "sec-fetch-dest": "image" },
          }),
        ),
    },
    { what: "requests without end on one connection keep nobody waiting", try: endless },
    { what: "2,000 idle connections cost nobody anything", try: (target) => idle(target, 2_000) },
    {
      what: "14 workspaces of one person do not put the next to the end of the line",
      needs: ["alone"],
      try: (target) =>
        crowding(target, 14, ({ place }) => ({
          right: (place ?? 0) <= 2,
          seen: place === undefined ? "the next starts at once" : `the next has place ${place}`,
        })),
    },
    {
      what: "60 workspaces of one person are not all taken",
      needs: ["alone"],
      try: (target) =>
        crowding(target, 60, ({ refused }) => ({
          right: refused.length > 0,
          seen: `${refused.length} refused${refused[0] === undefined ? "" : `: ${seen(refused[0])}`}`,
        })),
    },
  ],
};

/** A share of the machine so large that few run and the others wait. */
const LARGE = { resource_requirements: { cpu: "100m", ram: "2Gi", storage: "64Mi", network_bandwidth: "1Mbit" } };

interface Crowd {
  readonly refused: readonly Answer[];
  /** Of the next person's workspace; undefined where it does not wait. */
  readonly place: number | undefined;
}

/** Mallory asks for so many, then somebody else for one; all are given back. */
async function crowding(target: Target, count: number, judge: (crowd: Crowd) => Outcome): Promise<Outcome> {
  const persona = await target.publish(definition(LARGE));
  const request = async (person: Person, name: string) => {
    const headers = { "idempotency-key": crypto.randomUUID() };
    return target.as(person, "POST", "/v1/workspaces", { body: { persona_id: persona, name }, headers });
  };
  const modest = await target.person();
  const crowd: Answer[] = [];
  for (let at = 0; at < count; at++) crowd.push(await request(target.mallory, `greedy-${at}`));
  const next = await request(modest, "modest");
  const shown = await target.as(modest, "GET", `/v1/workspaces/${next.body?.workspace_id}`);
  const outcome = judge({ refused: crowd.filter(({ status }) => status >= 400), place: shown.body?.place });
  for (const { body } of crowd)
    if (body?.workspace_id !== undefined)
      await target.as(target.mallory, "POST", `/v1/workspaces/${body.workspace_id}/release`, { body: { with_home: true } });
  await target.as(modest, "POST", `/v1/workspaces/${next.body?.workspace_id}/release`, { body: { with_home: true } });
  return outcome;
}

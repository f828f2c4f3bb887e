import type { Area, Attempt, Outcome } from "../attempt.ts";
import { type Answer, seen } from "../http.ts";
import type { Provider } from "../provider.ts";
import type { Target } from "../target.ts";

type Claims = Readonly<Record<string, unknown>>;
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
const me = (target: Target, token: string): Promise<Answer> => target.ask("GET", "/v1/me", { token });

/** Signed with the issuer's own key: only what it says is wrong. `status`: what is right. */
function signed(what: string, claims: () => Claims, status: number, header: Claims = {}): Attempt {
  return {
    what: `${what}, with the issuer's key`,
    needs: ["provider"],
    async try(target) {
      const answer = await me(target, await (target.provider as Provider).token(claims(), header));
      return { right: answer.status === status, seen: seen(answer) };
    },
  };
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Made of a token that holds. */
function forged(what: string, forge: (token: string) => string): Attempt {
  return {
    what,
    async try(target): Promise<Outcome> {
      const answer = await me(target, forge(await target.mallory.token()));
      return { right: answer.status === 401, seen: seen(answer) };
    },
  };
}

function withPart(token: string, part: 0 | 1, change: (content: Record<string, unknown>) => unknown): string {
  const parts = token.split(".");
  parts[part] = encoded(change(JSON.parse(Buffer.from(parts[part] ?? "", "base64url").toString())));
  return parts.join(".");
}

export const TOKENS: Area = {
  name: "tokens",
  right: "refused",
  attempts: [
    forged(
      "a token without a signature, algorithm none",
      (token) =>
        `${withPart(token, 0, (head) => ({ ...head, alg: "none" }))
          .split(".")
          .slice(0, 2)
          .join(".")}.`,
    ),
    forged("a token that says it is somebody else's", (token) => withPart(token, 1, (claims) => ({ ...claims, sub: "root" }))),
    forged("a token that names its own key", (token) => withPart(token, 0, (head) => ({ ...head, jku: "http://127.0.0.1:9/keys" }))),
    forged("a token signed with the public key as a secret", (token) => withPart(token, 0, (head) => ({ ...head, alg: "HS256" }))),
    forged("half a token", (token) => token.slice(0, token.length / 2)),
    forged("a token in a list", (token) => `${token},${token}`),
    {
      what: "a token in the address",
      async try(target) {
        const answer = await target.ask("GET", `/v1/me?access_token=${await target.mallory.token()}`);
        return { right: answer.status === 401 || answer.status === 400, seen: seen(answer) };
      },
    },
    {
      what: "a sign-in as a token",
      async try(target) {
        const answer = await me(target, target.mallory.sign_in);
        return { right: answer.status === 401, seen: seen(answer) };
      },
    },
    {
      what: "a code of a sign-in link, used twice",
      async try(target) {
        const { body } = await target.as(target.mallory, "POST", "/v1/me/sign-in-link");
        const code = new URL(body.link).hash.replace(/^#code=([^&]*).*$/, "$1");
        const redeem = () => target.ask("POST", "/v1/token", { body: { grant_type: "sign_in_code", code } });
        const [first, second] = [await redeem(), await redeem()];
        return { right: first.status === 200 && second.status === 401, seen: `first ${seen(first)}, then ${seen(second)}` };
      },
    },
    signed("a subject that is a list", () => ({ sub: ["root"] }), 401),
    signed("a subject that is an object", () => ({ sub: { name: "root" } }), 401),
    signed("a subject that is a number", () => ({ sub: 0 }), 401),
    signed("no subject", () => ({ sub: undefined }), 401),
    signed("issued 100 minutes ahead", () => ({ iat: seconds(6000) }), 401),
    signed("issued at a text", () => ({ iat: "now" }), 401),
    signed("not before 2 minutes from now", () => ({ nbf: seconds(120) }), 401),
    signed("ended 2 minutes ago", () => ({ exp: seconds(-120) }), 401),
    signed("ends at a text", () => ({ exp: "never" }), 401),
    signed("no end", () => ({ exp: undefined }), 401),
    signed("for somebody else", () => ({ aud: "another" }), 401),
    signed("an ID token", () => ({}), 401, { typ: "JWT" }),
    signed("no groups", () => ({ groups: undefined }), 403),
    signed("an empty list of groups", () => ({ groups: [] }), 403),
    signed("groups that are said to be elsewhere", () => ({ groups: undefined, _claim_names: { groups: "src1" } }), 403),
    signed("groups that are an object", () => ({ groups: { attackers: true } }), 401),
    signed("a name with a control character", () => ({ sub: "mal\u0007lory" }), 401),
  ],
};

/** What must be taken, and what must say the truth. */
export const HONEST_TOKENS: Area = {
  name: "honest tokens",
  right: "held",
  attempts: [
    signed("a token as it should be is taken", () => ({}), 200),
    signed("not before 5 seconds from now is taken: clocks differ", () => ({ nbf: seconds(5) }), 200),
    signed("issued 30 seconds ahead is taken", () => ({ iat: seconds(30) }), 200),
    signed("ended 30 seconds ago is taken", () => ({ exp: seconds(-30) }), 200),
    {
      what: "a key that is newer than what was fetched is no wrong token: unavailable, with a retry",
      needs: ["provider"],
      async try(target) {
        const answer = await me(target, await (target.provider as Provider).token({}, { kid: "newer" }));
        return {
          right: answer.status === 503 && answer.headers.has("retry-after"),
          seen: `${seen(answer)}, retry after ${answer.headers.get("retry-after")}`,
        };
      },
    },
  ],
};

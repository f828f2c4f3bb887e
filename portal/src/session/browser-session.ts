import { errorFromAnswer, unreachable } from "@guise/agent";

/** The browser's own sign-in: a code for a cookie, and its end. Rejects with AgentError. */
export async function openSession(code: string): Promise<void> {
  await ask("POST", { code });
}

export async function endSession(): Promise<void> {
  await ask("DELETE");
}

/** Whom the code would sign in. */
export async function accountOfCode(code: string): Promise<string> {
  const { account } = JSON.parse(await ask("POST", { code }, "/v1/session/account")) as { account: string };
  return account;
}

/** An identity provider that people sign in at. */
export interface Provider {
  readonly name: string;
  readonly path: string;
}

/** Null: people sign in here alone. */
export async function signInProvider(): Promise<Provider | null> {
  const { provider } = JSON.parse(await ask("GET", undefined, "/v1/sign-in")) as { provider?: Provider };
  return provider ?? null;
}

async function ask(method: string, body?: unknown, path = "/v1/session"): Promise<string> {
  const json = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { method, ...json }).catch((error: unknown) => {
    throw unreachable(location.origin, error);
  });
  const text = await answer.text();
  if (!answer.ok) throw errorFromAnswer(answer.status, text, answer.headers.get("retry-after"));
  return text;
}

import { errorFromAnswer, unreachable } from "@guise/agent";

/** The browser's own sign-in: a code for a cookie, and its end. Rejects with AgentError. */
export async function openSession(code: string): Promise<void> {
  await ask("POST", { code });
}

export async function endSession(): Promise<void> {
  await ask("DELETE");
}

async function ask(method: string, body?: unknown): Promise<void> {
  const json = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch("/v1/session", { method, ...json }).catch((error: unknown) => {
    throw unreachable(location.origin, error);
  });
  const text = await answer.text();
  if (!answer.ok) throw errorFromAnswer(answer.status, text, answer.headers.get("retry-after"));
}

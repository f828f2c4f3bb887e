import type { TokenRequest, TokenResponse } from "@guise/contract";
import { errorFromAnswer } from "./agent-error.ts";
import { asAgentError } from "./transport.ts";

/** POST /v1/token: a sign-in or a one-time code for an access token. Throws AgentError. */
export async function redeem(broker: URL, body: TokenRequest, send: typeof fetch): Promise<TokenResponse> {
  return (await ask<TokenResponse>(broker, "/v1/token", body, send)).body;
}

/** A question that nobody is signed in for. Throws AgentError. */
export async function ask<Answer>(broker: URL, path: string, body: unknown, send: typeof fetch): Promise<{ status: number; body: Answer }> {
  try {
    const answer = await send(new URL(path, broker), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
    });
    const text = await answer.text();
    if (!answer.ok) throw errorFromAnswer(answer.status, text, answer.headers.get("retry-after"));
    return { status: answer.status, body: JSON.parse(text) as Answer };
  } catch (error) {
    throw asAgentError(error, broker.origin, undefined);
  }
}

import type { TokenResponse } from "@guise/contract";
import { errorFromAnswer } from "./agent-error.ts";
import { asAgentError } from "./transport.ts";

type TokenRequest = { grant_type: "sign_in"; sign_in: string } | { grant_type: "sign_in_code"; code: string };

/** POST /v1/token: a sign-in or a one-time code for an access token. Throws AgentError. */
export async function redeem(broker: URL, body: TokenRequest, send: typeof fetch): Promise<TokenResponse> {
  try {
    const answer = await send(new URL("/v1/token", broker), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
    });
    const text = await answer.text();
    if (!answer.ok) throw errorFromAnswer(answer.status, text, answer.headers.get("retry-after"));
    return JSON.parse(text) as TokenResponse;
  } catch (error) {
    throw asAgentError(error, broker.origin, undefined);
  }
}

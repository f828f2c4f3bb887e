import type { DevicePending, DeviceResponse, TokenResponse } from "@guise/contract";
import { AgentError, aborted } from "./agent-error.ts";
import { realTiming, type Timing } from "./back-off.ts";
import { brokerUrl } from "./broker-url.ts";
import { ask } from "./redeem.ts";

export interface DeviceSignInOptions {
  readonly broker: string;
  /** What this program calls itself to the person who is to allow it. */
  readonly client: string;
  /** Shows a person where to allow it, and by which code. */
  readonly show: (asked: DeviceResponse) => void;
  readonly signal?: AbortSignal;
  readonly allowPlainHttp?: boolean;
  readonly fetch?: typeof fetch;
  readonly timing?: Timing;
}

/**
 * Asks to be signed in as whoever allows it in a browser, and gives the sign-in to keep (as a secret). Throws AgentError `not_permitted` when
 * the person refuses, `not_authenticated` when nobody answers in time, `aborted`.
 */
export async function deviceSignIn(options: DeviceSignInOptions): Promise<string> {
  const { client, show, signal, timing = realTiming } = options;
  const broker = brokerUrl(options.broker, options.allowPlainHttp === true);
  const send = options.fetch ?? fetch;
  const { body: asked } = await ask<DeviceResponse>(broker, "/v1/device", { client }, send);
  show(asked);
  const end = timing.now() + asked.expires_in * 1000;
  for (let interval = asked.interval; ; ) {
    await timing.wait(interval * 1000, signal);
    if (signal?.aborted === true) throw aborted(signal);
    if (timing.now() >= end) throw new AgentError("not_authenticated", "Nobody allowed it in time.");
    const { device_code } = asked;
    const request = { grant_type: "device_code", device_code };
    const { status, body } = await answered(() => ask<TokenResponse | DevicePending>(broker, "/v1/token", request, send));
    if (status === 202 && "interval" in body) interval = body.interval;
    else if ("sign_in" in body && body.sign_in !== undefined) return body.sign_in;
    else throw new AgentError("internal", "Guise gave no sign-in for the device code.");
  }
}

/** A Guise that does not answer for a moment is asked again; one that came back knows nothing of it, and says so. */
async function answered<Answer>(question: () => Promise<Answer>): Promise<Answer | { readonly status: 202; readonly body: DevicePending }> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof AgentError && (error.code === "unreachable" || error.code === "unavailable"))
      return { status: 202, body: { interval: 2 } };
    throw error;
  }
}

import { Refusal } from "@guise/contract";
import type { Call } from "../call.ts";
import type { Route } from "../route.ts";

/** A body that is read whole must come in time: whoever drips it would hold a connection for nothing. Streamed ones take as long as they take. */
export async function boundBodyTime(call: Call, route: Route): Promise<void> {
  if (route.body === undefined || route.streamedBody !== undefined) return;
  const { clock, limits } = call.services;
  const { raw } = call.request;
  // Who left while it was looked up who he is has said so already: nobody would ever hear the end of his body.
  if (raw.destroyed && !raw.complete) throw new Refusal("invalid", "The connection ended in the middle of the body.");
  const timer = clock.after(limits.bodyTime, () => raw.destroy(), { unref: true });
  const stop = () => timer.cancel();
  raw.once("end", stop);
  raw.once("close", stop);
}

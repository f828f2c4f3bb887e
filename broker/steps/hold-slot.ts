import { Refusal } from "@guise/contract";
import type { Call } from "../call.ts";
import type { Route } from "../route.ts";

/** Streams hold a slot until their connection, or their answer, has ended. */
export async function holdSlot(call: Call, route: Route): Promise<void> {
  if (route.stream !== true) return;
  const { slots, limits } = call.services;
  const free = slots.take(call.principal?.id ?? call.request.ip);
  if (free === undefined) {
    throw new Refusal("too_many_requests", `More than ${limits.streamsPerPerson} open streams; close one first.`, {
      facts: { retry_after: 1 },
    });
  }
  if (route.kind === "upgrade") call.request.raw.socket.once("close", free);
  else call.reply.raw.once("close", free);
}

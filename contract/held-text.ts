import type { Receipt } from "./api/index.ts";
import { formatDuration } from "./units.ts";

/** For how long a workspace held its resources, and, where that is another span, how long ago it was asked for. */
export function heldText({ held, requested_at, released_at }: Pick<Receipt, "held" | "requested_at" | "released_at">): string {
  const asked = requested_at === undefined ? held : Date.parse(released_at) - Date.parse(requested_at);
  const span = `held for ${formatDuration(held)}`;
  return asked - held < 1_000 ? span : `${span} of the ${formatDuration(asked)} since it was asked for`;
}

import { z } from "zod";
import { workspaceEventSchema } from "../events.ts";

/** Lists are paged by cursor. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional() });
}

export const eventPageSchema = pageOf(workspaceEventSchema);

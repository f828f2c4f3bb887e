import { z } from "zod";
import { BASE_NAMES, NODE_MAJORS } from "./runtimes.ts";

/** What a persona's programs run on, and what it could choose instead. */
export const runtimesViewSchema = z.object({
  /** Absent where the image stands on what no persona can choose. */
  base: z.enum(BASE_NAMES).optional(),
  python: z.string().optional(),
  node: z.enum(NODE_MAJORS),
  bases: z.array(z.object({ base: z.enum(BASE_NAMES), python: z.string() })),
  nodes: z.array(z.enum(NODE_MAJORS)),
});

export type RuntimesView = z.infer<typeof runtimesViewSchema>;

/** One line a runtime. */
export function runtimesLines({ base, python, node, bases, nodes }: RuntimesView): readonly string[] {
  const others = bases.filter((one) => one.base !== base).map((one) => `"base": "${one.base}" has ${one.python}`);
  const pythons = [...(base === undefined ? [] : [`Python ${python} of ${base}`]), ...others].join("; ");
  const more = nodes.filter((one) => one !== node).map((one) => `"${one}"`);
  return [...(pythons === "" ? [] : [pythons]), `Node ${node}; "runtimes": { "node": … } has ${more.join(", ")}`];
}

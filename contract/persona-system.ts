import { z } from "zod";
import { BASE_NAMES, BASES, NODE_MAJORS } from "./runtimes.ts";

/** What a persona chooses of the system that its applications stand on; members of its definition. */
export const systemChoices = {
  accepted_gaps: z
    .array(z.string().regex(/^npm:(?:@[a-z0-9~-][a-z0-9._~-]{0,99}\/)?[a-z0-9~-][a-z0-9._~-]{0,199}$/, { error: "is written npm:NAME" }))
    .max(50)
    .optional()
    .describe(
      "Packages, also of those that others bring, that are taken although their install scripts asked for something from elsewhere and went on without it.",
    ),
  base: z
    .enum(BASE_NAMES)
    .optional()
    .describe(
      `The distribution that its image stands on, and with it the Python: ${BASE_NAMES.map((base) => `${base} has ${BASES[base].python}`).join(", ")}. Without it that of the machine that Guise runs on.`,
    ),
  runtimes: z
    .strictObject({ node: z.union([z.enum(NODE_MAJORS), z.literal(NODE_MAJORS.map(Number))]).optional() })
    .optional()
    .describe(
      `Versions of what programs run on. node: the major that npm packages and scripts get, one of ${NODE_MAJORS.join(", ")}; the newest without it.`,
    ),
  locale: z
    .string()
    .max(40)
    .optional()
    .describe(
      'Language, formats and the order of letters: "de_DE". That of a person\'s own browser comes before it, with the order of letters of C; C.UTF-8 without both.',
    ),
};

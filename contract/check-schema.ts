import { z } from "zod";
import { CHECK_OUTPUT, CHECK_WITHIN } from "./check-limits.ts";

export const checkSchema = z.strictObject({
  run: z.string().min(1).max(2000).describe("Given to sh -c, in the home, with everything that the person's own programs have."),
  expect: z
    .strictObject({
      exit: z.number().int().min(0).max(255).optional().describe("Its exit code; 0 without it."),
      stdout: z
        .string()
        .max(CHECK_OUTPUT)
        .optional()
        .describe("The whole of its standard output, but for one line break at its end, if there is one; any without it."),
    })
    .describe("What it must do to pass."),
  within: z
    .string()
    .optional()
    .describe(`How long it may take, at most 10 minutes; "${CHECK_WITHIN}" without it. Then it is ended, and has failed.`),
});
export type PersonaCheck = z.infer<typeof checkSchema>;

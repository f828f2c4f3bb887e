import { z } from "zod";

export const amountsSchema = z.object({
  cpu: z.number().int(),
  ram: z.number().int(),
  storage: z.number().int(),
  ingress: z.number().int(),
  egress: z.number().int(),
});

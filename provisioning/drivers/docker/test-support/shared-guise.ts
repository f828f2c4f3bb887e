import { join } from "node:path";
import { HeldProcess } from "./held-process.ts";

/** The Guise that acceptance tests share: the folder with its first account's credentials and the record of its calls to the engine. */
export const SHARED_GUISE = new HeldProcess<{ readonly folder: string }>(
  "shared-guise",
  join(import.meta.dirname, "..", "..", "..", "..", "tests", "acceptance", "support", "hold-guise.ts"),
);

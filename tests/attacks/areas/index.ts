import type { Area } from "../attempt.ts";
import { ADDRESSES } from "./addresses.ts";
import { AVAILABILITY } from "./availability.ts";
import { CLOSING } from "./closing.ts";
import { DEFINITIONS, PATTERNS } from "./definitions.ts";
import { HTTP } from "./http.ts";
import { INSIDE } from "./inside.ts";
import { RATES } from "./rates.ts";
import { TEXT } from "./text.ts";
import { HONEST_TOKENS, TOKENS } from "./tokens.ts";
import { TOLD } from "./told.ts";

/** In the order in which they are tried: what may leave the installation worse comes last. */
export const AREAS: readonly Area[] = [
  TEXT,
  ADDRESSES,
  TOKENS,
  HONEST_TOKENS,
  HTTP,
  DEFINITIONS,
  PATTERNS,
  INSIDE,
  TOLD,
  RATES,
  CLOSING,
  AVAILABILITY,
];

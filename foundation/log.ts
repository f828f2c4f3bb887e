import { pino } from "pino";

export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(bindings: Record<string, unknown>): Log;
}

/** Fields that may hold something secret never reach a log, at whatever depth to 3. */
const SECRET_FIELDS = [
  "authorization",
  "cookie",
  "token",
  "access_token",
  "sign_in",
  "sign_in_code",
  "sign_in_link",
  "code",
  "password",
  "secret",
  "privateKey",
  "private",
  "key",
];
const REDACTED = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

export function createLog(options: { level: string; destination?: { write(line: string): void } }): Log {
  const settings = { level: options.level, redact: { paths: REDACTED, censor: "[redacted]" } };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };

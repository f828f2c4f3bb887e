import { InvalidArgumentError } from "commander";

/** A TCP port; 0 for any free one. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("It is no port number.");
  return port;
}

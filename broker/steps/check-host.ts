import { Refusal } from "@guise/contract";
import type { FastifyRequest } from "fastify";

/** A page that made a browser resolve its own name to this address is turned away by the name it asks for. */
export function checkHost(request: FastifyRequest, hosts: readonly string[]): void {
  const host = request.headers.host;
  if (host === undefined || !hosts.includes(host.toLowerCase())) {
    throw new Refusal("misdirected", "This address does not serve the host that the request names.");
  }
}

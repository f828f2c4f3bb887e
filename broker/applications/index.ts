import type { IncomingMessage } from "node:http";
import type { HostServer } from "../host-switch.ts";
import type { Services } from "../services.ts";
import { ApplicationDoor } from "./application-door.ts";
import type { ApplicationParts } from "./application-parts.ts";
import type { Addressed } from "./application-places.ts";

/** Who serves a host: the door, where it addresses an application. */
export function applicationServer(services: Services, parts: ApplicationParts): (host: string | undefined) => HostServer | undefined {
  const door = new ApplicationDoor(services, parts);
  return (host) => {
    const addressed = parts.places.addressedBy(host);
    return addressed === undefined ? undefined : serverAt(door, addressed, services);
  };
}

/** Each has its own who waits for the end: guard, slot, pipelines of both ways, and the server. */
const LISTENERS = 30;

function serverAt(door: ApplicationDoor, addressed: Addressed, { metrics, log }: Services): HostServer {
  return {
    request(request, response) {
      response.setMaxListeners(LISTENERS);
      response.once("close", () => metrics.answered("application", response.statusCode, undefined));
      door.request(addressed, request, response).catch((error: unknown) => door.broke(error, response));
    },
    upgrade(request: IncomingMessage, socket, head) {
      socket.setMaxListeners(LISTENERS);
      door.upgrade(addressed, request, socket, head).catch((error: unknown) => {
        log.error({ err: error }, "an upgrade to a web application could not be served");
        socket.destroy();
      });
    },
  };
}

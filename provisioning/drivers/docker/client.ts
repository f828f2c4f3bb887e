import { Agent } from "node:http";
import { inspect } from "node:util";
import Docker from "dockerode";

/** The engine's API over its unix socket. Docker types stay inside this folder. */
export type EngineClient = Docker;
export type EngineContainer = Docker.Container;

/**
 * docker-modem 5.0.7 writes each call out for its debug log before it asks whether there is one, its agent with all connections
 * included: measured 3 ms of the main thread a call.
 */
class BriefAgent extends Agent {
  [inspect.custom](): string {
    return "Agent";
  }
}

/** Without keep-alive: after an engine restart the first call on a kept connection fails with EPIPE. */
export function createEngineClient(socketPath: string): EngineClient {
  const options: Docker.DockerOptions & { readonly agent: Agent } = { socketPath, agent: new BriefAgent({ keepAlive: false }) };
  return new Docker(options);
}

import { Agent } from "node:http";
import Docker from "dockerode";

/** The engine's API over its unix socket. Docker types stay inside this folder. */
export type EngineClient = Docker;
export type EngineContainer = Docker.Container;

/** Without keep-alive: after an engine restart the first call on a kept connection fails with EPIPE. */
export function createEngineClient(socketPath: string): EngineClient {
  const options: Docker.DockerOptions & { readonly agent: Agent } = { socketPath, agent: new Agent({ keepAlive: false }) };
  return new Docker(options);
}

import type Docker from "dockerode";
import type { OwnedSandbox } from "#provisioning";
import type { EngineContext } from "./engine-context.ts";
import { promptly, translated } from "./engine-errors.ts";
import { type Narrowed, type ObjectRole, type Ownership, ownershipFilter, readOwnership } from "./labels.ts";

/** One object of ours on the engine. */
export interface OwnedObject extends Ownership {
  readonly kind: "container" | "volume";
  /** Container id, or volume name. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Id of the guard that a container has joined. */
  readonly joins: string | undefined;
  readonly isRunning: boolean;
}

/** Everything of this installation, or what it is narrowed to. 2 ms each way. Rejects `engine_unreachable`. */
export function listObjects(context: Pick<EngineContext, "client" | "installation">, narrowed?: Narrowed): Promise<OwnedObject[]> {
  const filters = { label: ownershipFilter(context.installation, narrowed) };
  return translated("engine_unreachable", "the engine did not list its objects", async () => {
    const [containers, volumes] = await promptly(
      Promise.all([
        context.client.listContainers({ all: true, filters }),
        context.client.listVolumes({ filters: { label: [...filters.label] } }),
      ]),
    );
    return [
      ...containers.flatMap((container) => fromContainer(context.installation, container)),
      ...(volumes.Volumes ?? []).flatMap((volume) => fromVolume(context.installation, volume)),
    ];
  });
}

function fromContainer(installation: string, container: Docker.ContainerInfo): OwnedObject[] {
  const owner = readOwnership(installation, container.Labels);
  if (owner === undefined) return [];
  const network = container.HostConfig.NetworkMode;
  const joins = network.startsWith("container:") ? network.slice("container:".length) : undefined;
  const name = (container.Names[0] ?? container.Id).replace(/^\//, "");
  return [
    {
      ...owner,
      kind: "container",
      id: container.Id,
      name,
      created: container.Created * 1000,
      joins,
      isRunning: container.State === "running",
    },
  ];
}

function fromVolume(installation: string, volume: Docker.VolumeInspectInfo): OwnedObject[] {
  const owner = readOwnership(installation, volume.Labels);
  const created = "CreatedAt" in volume ? Date.parse(String(volume.CreatedAt)) : 0;
  return owner === undefined
    ? []
    : [{ ...owner, kind: "volume", id: volume.Name, name: volume.Name, created, joins: undefined, isRunning: false }];
}

const SHOWN: Readonly<Record<ObjectRole, OwnedSandbox["role"]>> = {
  guard: "pooled",
  main: "sandbox",
  "build-guard": "build",
  build: "build",
  volume: "volume",
};

/** The driver's own answer: a guard belongs to the sandbox that has joined it, else it is pooled. */
export function describeOwned(objects: readonly OwnedObject[]): OwnedSandbox[] {
  const mains = new Map(objects.filter(({ role }) => role === "main").map((main) => [main.joins, main]));
  return objects.map((object) => {
    const owner = object.role === "guard" ? (mains.get(object.id) ?? object) : object;
    const role = owner === object ? SHOWN[object.role] : "sandbox";
    return { workspace: owner.workspace, generation: owner.generation, role, name: object.name };
  });
}

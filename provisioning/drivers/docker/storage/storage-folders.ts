import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ProvisioningError } from "#provisioning";

export interface Generation {
  readonly workspace: string;
  readonly generation: number;
}

/** Where the driver keeps what outlives the engine's objects. One folder per installation. */
export class StorageFolders {
  readonly homes: string;
  readonly templates: string;
  readonly quarantine: string;
  /** Links to loop devices: workspace, generation and number. */
  readonly devices: string;
  /** Images of shipped volumes. */
  readonly shipped: string;
  /** Hard links to those, one for each start: a loop device is found by the file behind it. */
  readonly mounted: string;

  constructor(root: string) {
    this.homes = join(root, "homes");
    this.templates = join(root, "templates");
    this.quarantine = join(root, "quarantine");
    this.devices = join(root, "devices");
    this.shipped = join(root, "volumes");
    this.mounted = join(root, "volumes", "mounted");
  }

  async make(): Promise<void> {
    for (const folder of [this.homes, this.templates, this.quarantine, this.devices, this.shipped, this.mounted])
      await mkdir(folder, { recursive: true, mode: 0o700 });
  }

  homeImage(home: string): string {
    return join(this.homes, `${fileName(home)}.img`);
  }

  homeRecord(home: string): string {
    return join(this.homes, `${fileName(home)}.json`);
  }

  /** The image of one shipped volume for one start. */
  mountedImage(sandbox: Generation, index: number): string {
    return join(this.mounted, `${generationPrefix(sandbox)}${index}`);
  }

  /** The link to one device of one start. Known before the device is, so that the engine can be told of it meanwhile. */
  device(sandbox: Generation, index: number): string {
    return join(this.devices, `${generationPrefix(sandbox)}${index}`);
  }
}

/** What the names of one generation's files begin with. */
export function generationPrefix(sandbox: Generation): string {
  return `${fileName(sandbox.workspace)}.${sandbox.generation}.`;
}

/** Whose file it is; undefined for a name that is not ours. */
export function generationOf(file: string): Generation | undefined {
  const match = /^([a-z0-9-]+)\.(\d+)\.\d+$/.exec(file);
  return match?.[1] === undefined ? undefined : { workspace: match[1], generation: Number(match[2]) };
}

/** Names become file names: only what cannot lead out of the folder. */
function fileName(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(name))
    throw new ProvisioningError("refused_by_policy", "a name that cannot be a file name", { detail: { name } });
  return name;
}

import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where an installation keeps what. The engine's parts must be reachable for remapped ids (o+x); database and keys are the owner's alone. */
export interface Folders {
  readonly home: string;
  readonly database: string;
  readonly keys: string;
  readonly run: string;
  readonly log: string;
  /** Homes and volumes of the sandboxes. */
  readonly sandboxes: string;
  /** Base images in the making. */
  readonly bootstrap: string;
}

export async function makeFolders(home: string): Promise<Folders> {
  const folders: Folders = {
    home,
    database: join(home, "database"),
    keys: join(home, "keys"),
    run: join(home, "run"),
    log: join(home, "log"),
    sandboxes: join(home, "sandboxes"),
    bootstrap: join(home, "bootstrap"),
  };
  await mkdir(home, { recursive: true });
  await chmod(home, 0o755);
  for (const folder of [folders.database, folders.keys, folders.run, folders.log]) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const folder of [folders.sandboxes, folders.bootstrap]) await mkdir(folder, { recursive: true });
  return folders;
}

/** The installation's id, made once: it marks everything on the engine that is ours. */
export async function installationOf(folders: Folders): Promise<string> {
  const file = join(folders.home, "installation");
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const id = `guise-${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const beside = `${file}.${randomUUID()}`;
  await writeFile(beside, `${id}\n`, { mode: 0o644 });
  await rename(beside, file);
  return id;
}

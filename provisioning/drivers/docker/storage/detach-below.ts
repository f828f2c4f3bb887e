import { detachLoops, listLoopDevices } from "./loop-devices.ts";

/** Lets go of every loop device whose file lies below the folder: homes and volumes of an engine that is down. Gives how many there were. */
export async function detachBelow(folder: string): Promise<number> {
  const files = new Set((await listLoopDevices()).map(({ file }) => file).filter((file) => file.startsWith(`${folder}/`)));
  for (const file of files) await detachLoops(file);
  return files.size;
}

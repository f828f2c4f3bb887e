import { posix } from "node:path";
import { codeOf } from "#foundation";
import type { Room } from "../channel.ts";
import { ProvisioningError } from "../errors.ts";
import { fullnessOf } from "../room.ts";
import { REPLY, REQUEST } from "./sftp-packets.ts";
import type { SftpSession } from "./sftp-session.ts";

async function roomAt(session: SftpSession, folder: string): Promise<Room> {
  const reply = await session.request(folder, REQUEST.extended, "statvfs@openssh.com", folder);
  return session.expect(reply, REPLY.extended, (fields) => {
    const [, block = 0, blocks = 0, , available = 0, files = 0, , availableFiles = 0] = Array.from({ length: 8 }, () => fields.long());
    return { bytes: block * blocks, availableBytes: block * available, files, availableFiles };
  });
}

/** The same failure, or `storage_full` where the file system of the path has no room. */
export async function explainedByRoom(session: SftpSession, path: string, inside: string, error: unknown): Promise<unknown> {
  if (codeOf(error) !== "file_failed" || session.ended) return error;
  const room = await roomAt(session, posix.dirname(inside)).catch(() => undefined);
  const full = room === undefined ? undefined : fullnessOf(path, room);
  return full === undefined ? error : new ProvisioningError("storage_full", full, { cause: error });
}

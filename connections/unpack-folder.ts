import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { plainText } from "@guise/contract";
import { fullnessOf, ProvisioningError, type Room, shellWords } from "#provisioning";
import { pour } from "./pour.ts";
import { collectSaid } from "./said.ts";
import type { Lease } from "./shared-channels.ts";
import { shellPath } from "./shell-path.ts";

/** The script's own codes, away from those of tar and cp. */
const EXISTS = 17;

/**
 * Unpacked into a folder of its own beside what is there, then linked over it: what breaks off changes nothing, no file is
 * ever half under its name, and an old one stays until the new one is whole (`cp -lf` makes a link beside and renames it).
 * A new folder takes the archive's own mode and time.
 */
const SCRIPT = `
export LC_ALL=C.UTF-8
new= mode= time=
[ -e "$t" ] || [ -L "$t" ] || new=1
[ -n "$new" ] || [ -z "$exclusive" ] || exit ${EXISTS}
failed() { code=$?; stat -f -c "%S %b %a %c %d" -- "$t" 2> /dev/null || stat -f -c "%S %b %a %c %d" .; exit "$code"; }
cleared() {
  find "$s" -type d ! -perm -700 -exec chmod u+rwx {} \\; 2> /dev/null
  rm -rf -- "$s"
  if [ -n "$mode" ]; then chmod "$mode" -- "$t"; touch -d "@$time" -- "$t"
  elif [ -n "$new" ]; then rmdir -- "$t" 2> /dev/null; fi
}
trap cleared EXIT
mkdir -p -- "$t" && mkdir -m 755 -- "$s" || failed
tar -C "$s" --no-same-owner -xpf - || failed
find "$s" -mindepth 1 -maxdepth 1 -exec cp -alft "$t" -- {} + || failed
[ -z "$new" ] || { mode=$(stat -c %a -- "$s"); time=$(stat -c %Y -- "$s"); }
exit 0
`;

/** Resolves when all of the archive is in its place below the folder. Rejects `file_exists`, `storage_full` or `file_failed`. */
export async function unpackFolder(lease: Lease, path: string, content: Readable, exclusive: boolean): Promise<void> {
  const folder = shellPath(path);
  const beside = `${folder}/.guise-${randomUUID()}`;
  const variables = `t=${shellWords([folder])}; s=${shellWords([beside])}; exclusive=${exclusive ? 1 : ""}`;
  const unpacking = await lease.channel.open(`${variables}\n${SCRIPT}`);
  const said = collectSaid(unpacking.stderr);
  const room = collectSaid(unpacking.stdout);
  try {
    // tar may end before it has read all; then its own words say why, not the broken pipe
    const fed = pour(content, unpacking.stdin).then(() => unpacking.exited);
    const { exit } = await Promise.race([unpacking.exited, fed]);
    if (exit !== 0) throw failure(path, exit, said().replaceAll(`${beside}/`, ""), room());
  } finally {
    unpacking.close();
  }
}

function failure(path: string, exit: number, said: string, room: string): ProvisioningError {
  if (exit === EXISTS) return new ProvisioningError("file_exists", `${plainText(path)} is there already`);
  const full = fullnessOf(path, roomIn(room));
  if (full !== undefined) return new ProvisioningError("storage_full", full);
  return new ProvisioningError(
    "file_failed",
    `${plainText(path)} could not be written: ${plainText(said.trim().replaceAll("\n", "; "), 300)}`,
  );
}

/** Room enough where the script did not come as far as telling it. */
function roomIn(line: string): Room {
  const figures = /^(\d+) (\d+) (\d+) (\d+) (\d+)\n$/.exec(line)?.slice(1).map(Number) ?? [];
  const [block = 1, blocks = 0, available = Number.MAX_SAFE_INTEGER, files = 0, availableFiles = 0] = figures;
  return { bytes: block * blocks, availableBytes: block * available, files, availableFiles };
}

import { plainText } from "@guise/contract";
import { ProvisioningError, shellWords } from "#provisioning";
import type { OpenChannel } from "./shared-channels.ts";
import { shellPath } from "./shell-path.ts";

/** The scripts' own codes, away from those of the programs in them. */
const CODES = { notFound: 81, exists: 82, isHome: 83 } as const;

/** `is`: something has the name, a link that leads nowhere too. */
const COMMON = `export LC_ALL=C.UTF-8
is() { [ -e "$1" ] || [ -L "$1" ]; }
# Neither the home nor what it lies in: programs hold on to it.
is_home() { case $HOME/ in "$(realpath -sm -- "$1" | sed 's#/$##')"/*) return 0 ;; *) return 1 ;; esac; }
`;

const MAKE = `is "$t" && exit ${CODES.exists}
mkdir -p -- "$(dirname -- "$t")" && mkdir -- "$t"`;

// mv -n says nothing where the new name was taken meanwhile.
const MOVE = `is "$f" || exit ${CODES.notFound}
is_home "$f" && exit ${CODES.isHome}
is "$t" && exit ${CODES.exists}
mv -nT -- "$f" "$t" || exit 1
! is "$f" || exit ${CODES.exists}`;

const REMOVE = `is "$t" || exit ${CODES.notFound}
is_home "$t" && exit ${CODES.isHome}
[ -L "$t" ] || [ ! -d "$t" ] || find "$t" -type d ! -perm -700 -exec chmod u+rwx {} \\; 2> /dev/null
rm -rf -- "$t"`;

/** Makes a folder, and those above it. Rejects `file_exists`, `file_failed`. */
export function makeFolder(openChannel: OpenChannel, path: string): Promise<void> {
  return change(openChannel, { t: path }, MAKE);
}

/** Gives a file or folder another name. Replaces nothing: rejects `file_exists`; `file_not_found`, `file_failed`. */
export function movePath(openChannel: OpenChannel, from: string, to: string): Promise<void> {
  return change(openChannel, { f: from, t: to }, MOVE);
}

/** Removes a file, a link, or a folder with all that is in it; no link is followed. Rejects `file_not_found`, `file_failed`. */
export function removePath(openChannel: OpenChannel, path: string): Promise<void> {
  return change(openChannel, { t: path }, REMOVE);
}

async function change(
  openChannel: OpenChannel,
  paths: Readonly<Record<"t", string> & Partial<Record<"f", string>>>,
  script: string,
): Promise<void> {
  const lease = await openChannel();
  try {
    const variables = Object.entries(paths).map(([name, path]) => `${name}=${shellWords([shellPath(path)])}`);
    const { exit, stderr } = await lease.channel.run([...variables, COMMON, script].join("\n"));
    if (exit !== 0) throw failure(exit, paths, stderr);
  } finally {
    lease.release();
  }
}

function failure(exit: number, { t, f = t }: { readonly t: string; readonly f?: string }, said: string): ProvisioningError {
  if (exit === CODES.notFound) return new ProvisioningError("file_not_found", `there is no ${plainText(f)}`);
  if (exit === CODES.exists) return new ProvisioningError("file_exists", `${plainText(t)} is there already`);
  if (exit === CODES.isHome) return new ProvisioningError("file_failed", `${plainText(f)} is the home itself, or holds it`);
  const why = said.trim().split("\n").at(-1) ?? "";
  return new ProvisioningError("file_failed", plainText(why, 300) || `the change of ${plainText(t)} ended with ${exit}`);
}

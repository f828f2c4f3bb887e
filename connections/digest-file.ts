import { plainText } from "@guise/contract";
import { ProvisioningError, shellWords } from "#provisioning";
import type { OpenChannel } from "./shared-channels.ts";
import { shellPath } from "./shell-path.ts";

/** Ms; a workspace with little cpu reads some GiB in it. */
const LONGEST = 600_000;
/** The script's own codes. */
const CODES = { notFound: 81, noFile: 82 } as const;

/** SHA-256 of a file as it is inside, worked out there: hexadecimal. Rejects `file_not_found`, `file_failed`. */
export async function digestFile(openChannel: OpenChannel, path: string): Promise<string> {
  const lease = await openChannel();
  try {
    const script = `t=${shellWords([shellPath(path)])}
[ -e "$t" ] || [ -L "$t" ] || exit ${CODES.notFound}
[ -f "$t" ] && [ ! -L "$t" ] || exit ${CODES.noFile}
exec sha256sum < "$t"`;
    const { exit, stdout, stderr } = await lease.channel.run(script, { maximumOutput: 4096, signal: AbortSignal.timeout(LONGEST) });
    const digest = /^[0-9a-f]{64}(?= )/.exec(stdout)?.[0];
    if (exit === CODES.notFound) throw new ProvisioningError("file_not_found", `there is no ${plainText(path)}`);
    if (exit === CODES.noFile) throw new ProvisioningError("file_failed", `${plainText(path)} is no file`);
    if (exit !== 0 || digest === undefined)
      throw new ProvisioningError("file_failed", `${plainText(path)} could not be read: ${plainText(stderr.trim(), 300)}`);
    return digest;
  } finally {
    lease.release();
  }
}

import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");

/**
 * A machine's network as it is before anything forwards, with a view of it below /sys; control groups stay where they were. All that is
 * mounted or made of the network in it goes with its last process.
 */
const ENTER = `
set -e
mount --rbind /sys/fs/cgroup /mnt
mount -t sysfs sysfs /sys
mount --rbind /mnt /sys/fs/cgroup
umount -l /mnt
ip link set lo up
echo 0 > /proc/sys/net/ipv4/ip_forward
exec "$@"
`;

/** Runs one file of tests there. Rejects with what it said unless all of them pass. */
export async function runApart(file: string): Promise<void> {
  const vitest = [process.execPath, VITEST, "run", "--config", join(ROOT, "vitest.apart.config.ts"), file];
  const child = spawn("unshare", ["--net", "--mount", "sh", "-c", ENTER, "apart", ...vitest], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1", VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${file} ended with ${code}:\n${said.slice(-20_000)}`);
}

import { spawn } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openMirrors, readHostMirrors } from "#building";
import { TEST_SLOT } from "../test-support/test-slot.ts";

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
mount --bind "$1" /etc/hosts
shift
ip link set lo up
echo 0 > /proc/sys/net/ipv4/ip_forward
exec "$@"
`;

const HOSTS = `${TEST_SLOT.home}/hosts`;

/** Runs one file of tests there. Rejects with what it said unless all of them pass. */
export async function runApart(file: string): Promise<void> {
  await writeFile(HOSTS, await mirrorNames());
  try {
    await run(file);
  } finally {
    await rm(HOSTS, { force: true });
  }
}

/** The package mirrors are not reached from there, but every build asks for their addresses, also one that fetches nothing. */
async function mirrorNames(): Promise<string> {
  const { reach, proxies } = await readHostMirrors({ variables: process.env, suite: undefined, extra: [] });
  const { hosts } = await openMirrors(reach, proxies);
  const lines = hosts.map((entry) => [entry.slice(entry.indexOf(":") + 1), entry.slice(0, entry.indexOf(":"))].join(" "));
  return ["127.0.0.1 localhost", ...lines, ""].join("\n");
}

async function run(file: string): Promise<void> {
  const vitest = [process.execPath, VITEST, "run", "--config", join(ROOT, "vitest.apart.config.ts"), file];
  const child = spawn("unshare", ["--net", "--mount", "sh", "-c", ENTER, "apart", HOSTS, ...vitest], {
    cwd: ROOT,
    env: {
      ...process.env,
      NO_COLOR: "1",
      GUISE_TEST_APART: "1",
      VITEST: undefined,
      VITEST_WORKER_ID: undefined,
      VITEST_POOL_ID: undefined,
    },
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

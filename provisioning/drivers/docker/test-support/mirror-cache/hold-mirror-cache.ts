/** Holds the mirror cache until SIGTERM: the cache itself on this machine, and a relay to it in a network of its own, which builds may reach. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { readHostMirrors } from "#building";
import { silentLog } from "#foundation";
import { TEST_SLOT } from "../test-slot.ts";
import { answerFrom } from "./answer.ts";
import { MIRROR_CACHE } from "./mirror-cache.ts";
import { StoredAnswers } from "./stored-answers.ts";

/** For all checkouts of the machine: an address has the same content for each. */
const STORE = "/var/tmp/guise-test-mirrors";
const SOCKET = `${STORE}-${TEST_SLOT.number}.sock`;
const SPACE = `guise-mirror-${TEST_SLOT.number}`;
const DEVICE = `guise-mirror${TEST_SLOT.number}`;
const [NEAR, FAR] = [1, 2].map((last) => `10.77.78.${TEST_SLOT.number * 4 + last}`);
const PORT = 8098;
const ip = (...args: readonly string[]) => execFileSync("ip", args, { stdio: "pipe" });

function leave(): void {
  for (const args of [
    ["link", "delete", DEVICE],
    ["netns", "delete", SPACE],
  ]) {
    try {
      ip(...args);
    } catch {
      // It was not there.
    }
  }
  rmSync(SOCKET, { force: true });
}

leave();
ip("netns", "add", SPACE);
ip("link", "add", DEVICE, "type", "veth", "peer", "name", "eth0", "netns", SPACE);
ip("address", "add", `${NEAR}/30`, "dev", DEVICE);
ip("link", "set", DEVICE, "up");
ip("-n", SPACE, "address", "add", `${FAR}/30`, "dev", "eth0");
ip("-n", SPACE, "link", "set", "eth0", "up");
ip("-n", SPACE, "route", "add", "default", "via", NEAR ?? "");
const own = `http://${FAR}:${PORT}`;
const { pipIndex, npmRegistry } = await readHostMirrors({ variables: process.env, suite: undefined, extra: [] });
const store = new StoredAnswers(STORE, silentLog);
const cache = createServer((request, response) => void answerFrom({ store, own, pipIndex, npmRegistry }, request, response));
cache.listen(SOCKET);
await once(cache, "listening");
const relay = spawn("ip", ["netns", "exec", SPACE, process.execPath, join(import.meta.dirname, "relay.ts"), SOCKET, String(PORT)], {
  stdio: ["ignore", "pipe", "inherit"],
});
await once(relay.stdout, "data");
const variables = { http_proxy: own, PIP_INDEX_URL: `${own}/pip/simple`, PIP_TRUSTED_HOST: FAR ?? "", npm_config_registry: `${own}/npm/` };
MIRROR_CACHE.hold({ variables }, async () => {
  relay.kill("SIGKILL");
  await once(relay, "exit");
  cache.closeAllConnections();
  leave();
});

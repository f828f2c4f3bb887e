import type { Area, Attempt } from "../attempt.ts";
import { definition } from "../definition.ts";
import { seen } from "../http.ts";

/** Of IANA's special-purpose registries, both families: what is not the internet's. */
const SPECIAL: Readonly<Record<string, string>> = {
  "0.0.0.0/8": "this network",
  "10.0.0.0/8": "private",
  "100.64.0.0/10": "shared by carriers",
  "127.0.0.0/8": "loopback",
  "169.254.0.0/16": "link-local, with clouds' metadata",
  "172.16.0.0/12": "private",
  "192.0.0.0/24": "protocol assignments",
  "192.168.0.0/16": "private",
  "198.18.0.0/15": "benchmarks",
  "224.0.0.0/4": "multicast",
  "240.0.0.0/4": "reserved",
  "255.255.255.255/32": "broadcast",
  "::/128": "unspecified",
  "::1/128": "loopback",
  "::ffff:0:0/96": "IPv4 in IPv6",
  "64:ff9b::/96": "IPv4 in IPv6",
  "64:ff9b:1::/48": "IPv4 in IPv6, local",
  "100::/64": "discard",
  "2002::/16": "6to4",
  "fc00::/7": "private",
  "fe80::/10": "link-local",
  "ff00::/8": "multicast",
};

const listed = Object.entries(SPECIAL).map(
  ([range, what]): Attempt => ({
    what: `${range} (${what}) as a target`,
    async try(target) {
      const written = range.includes(":") ? `[${range}]` : range;
      const answer = await target.validate(definition({ access_controls: { network: { egress: [`${written}:443`] } } }));
      return { right: answer.body?.valid === false, seen: answer.body?.problems?.[0]?.message?.slice(0, 120) ?? seen(answer) };
    },
  }),
);

/** One address in each range that everything open (0.0.0.0/0:*, ::/0:*) must not lead to. */
const REACHED = [
  "0.0.0.1",
  "10.0.0.1",
  "100.64.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "172.17.0.1",
  "192.0.0.1",
  "192.168.0.1",
  "198.18.0.1",
  "198.19.255.254",
  "224.0.0.1",
  "240.0.0.1",
];

const reached = REACHED.map(
  (address): Attempt => ({
    what: `${address} from a workspace to which everything is open`,
    needs: ["engine"],
    async try(target) {
      const workspace = await target.workspace();
      const { exit, stderr } = await workspace.exec(["timeout", "5", "bash", "-c", `echo > /dev/tcp/${address}/80`]);
      return {
        right: exit !== 0 && exit !== 124,
        seen: exit === 124 ? "dropped in silence" : (stderr.trim().split("\n")[0] ?? `exit ${exit}`).slice(0, 120),
      };
    },
  }),
);

const hosts: Attempt = {
  what: "Guise's own port from a workspace to which everything is open",
  needs: ["engine"],
  async try(target) {
    const workspace = await target.workspace();
    const { port } = target.broker;
    const script = `for a in 127.0.0.1 $(ip -4 route 2>/dev/null | awk '/default/{print $3}') 172.17.0.1; do timeout 3 bash -c "echo > /dev/tcp/$a/${port}" 2>/dev/null && echo open $a; done; true`;
    const { stdout } = await workspace.exec(["bash", "-c", script]);
    return { right: !stdout.includes("open"), seen: stdout.trim() === "" ? "reached nowhere" : stdout.trim() };
  },
};

export const ADDRESSES: Area = { name: "addresses", right: "refused", attempts: [...listed, ...reached, hosts] };

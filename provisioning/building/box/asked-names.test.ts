import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HEAR_NAMES } from "./asked-names.ts";

/** A network and files of its own, as a box has them. */
const ENTER = `ip link set lo up
mount --bind "$0/resolv.conf" /etc/resolv.conf
mount --bind "$0/hosts" /etc/hosts
exec bash "$0/script"`;
/** An install script of a package: npm tells each whose it is. */
const asking = (name: string, code: string) => `npm_package_name=${name} ${process.execPath} -e '${code}'\n`;
const LOOKUP = 'require("dns").lookup("elsewhere.example", (error) => console.log(error.code))';
const RESOLVE = 'require("dns").resolve4("other.example", (error) => console.log(error.code))';

test.skipIf(process.getuid?.() !== 0)(
  "who asks for a name while there is no network is heard, with the package; the box's own name is none of them",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "guise-asked-"));
    try {
      writeFileSync(join(folder, "resolv.conf"), "nameserver 127.0.0.1\n");
      // A mirror's name, which a build knows while it fetches.
      writeFileSync(join(folder, "hosts"), "192.0.2.7 mirror.example\n");
      const asks = [
        asking("one", LOOKUP),
        asking("@scope/two", RESOLVE),
        asking("one", LOOKUP.replace("elsewhere", "mirror")),
        asking("quiet", LOOKUP.replace("elsewhere.example", "localhost").replace("error.code", "error")),
        "getent hosts nobody.example || echo nobody\n",
      ];
      writeFileSync(join(folder, "script"), `set -euo pipefail\nexport B=${folder}\n${HEAR_NAMES}\n${asks.join("")}sort -u $B/asked\n`);
      const said = execFileSync(
        "unshare",
        ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-euc", ENTER, folder],
        { encoding: "utf8", env: { PATH: process.env.PATH } },
      );
      expect(said.split("\n").filter(Boolean)).toEqual([
        ...["EAI_AGAIN", "ESERVFAIL", "EAI_AGAIN", "null", "nobody"],
        ...["@scope/two\tother.example", "one\telsewhere.example", "one\tmirror.example"],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

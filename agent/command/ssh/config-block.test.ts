import fc from "fast-check";
import { expect, test } from "vitest";
import { clientOptions, nameInHost } from "./client-options.ts";
import { configBlock, withBlock, withoutBlock } from "./config-block.ts";

const OPTIONS = clientOptions(
  { self: ["/opt/my node/node", "/srv/it's 100%/main.ts"], credentialsPath: "/home/ann/.config/guise/credentials.json" },
  { folder: "/f", identity: "/f/id", knownHosts: "/f/50%/known_hosts" },
);
const BLOCK = configBlock(OPTIONS);
const OWN = "Host *\n  User ann\n\nHost work\n\tHostName work.example.org\n";

test("the block comes first, once, and all else stays", () => {
  const once = withBlock(OWN, BLOCK);
  expect(once).toBe(`${BLOCK}\n${OWN}`);
  expect(withBlock(once, BLOCK)).toBe(once);
  expect(withBlock(once.replaceAll("main.ts", "other.ts"), BLOCK)).toBe(once);
  expect(withoutBlock(once)).toBe(OWN);
});

test("whatever was there is there again without it", () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom("Host x", "", "  Port 1", "# x", "\r"), { maxLength: 8 }).map((lines) => lines.join("\n")),
  );
  fc.assert(
    fc.property(text, (before) => {
      const without = withoutBlock(withBlock(before, BLOCK));
      expect([before, before.replace(/^\n/, "")]).toContain(without);
    }),
  );
});

test("a block that somebody cut in half is left alone", () => {
  const half = `${BLOCK.slice(0, BLOCK.indexOf("# <<<"))}${OWN}`;
  expect(withoutBlock(half)).toBe(half);
});

test("folders with blanks, quotes and percent signs are words of the shell, and no signs of the client's", () => {
  expect(BLOCK).toContain(
    "ProxyCommand /usr/bin/env GUISE_CREDENTIALS=/home/ann/.config/guise/credentials.json '/opt/my node/node' '/srv/it'\\''s 100%%/main.ts' ssh-proxy %n\n",
  );
  expect(BLOCK).toContain('UserKnownHostsFile "/f/50%%/known_hosts"\n');
});

test("nothing of this machine goes along", () => {
  for (const line of ["ForwardAgent no", "ForwardX11 no", "StrictHostKeyChecking yes", "IdentitiesOnly yes", "IdentityAgent none"])
    expect(BLOCK).toContain(`  ${line}\n`);
});

test("host names stand for personas and workspaces, and for nothing else", () => {
  expect(nameInHost("guise-data-analyst")).toBe("data-analyst");
  expect(nameInHost("guise-w-iuedwbroggbrkr5zrbgw")).toBe("w-iuedwbroggbrkr5zrbgw");
  for (const host of ["data-analyst", "guise-", "guise-a b", "guise-$(id)", "guise-A", "guise-a\n"])
    expect(nameInHost(host)).toBeUndefined();
});

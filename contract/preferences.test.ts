import { expect, test } from "vitest";
import { preferencesSchema, preferredFileReason } from "./preferences.ts";

const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n";

test.each([
  ["~/.vimrc", "set number\n"],
  ["~/.config/nvim/init.lua", "-- mine\n"],
  ["~/.ssh/config", "Host *\n"],
  ["~/.ssh/known_hosts", "a ssh-ed25519 AAAA\n"],
  ["~/.gnupg/gpg.conf", "no-greeting\n"],
  ["~/.npmrc", "save-exact=true\n//registry.example.com/:_authToken=$" + "{TOKEN}\n"],
  ["~/.bashrc", "export PROXY=http://$USER:$PASS@proxy/\nPS1='\u001b[1m$ '\n"],
  ["~/.zshrc", "-----BEGIN PUBLIC KEY-----\n"],
])("%s is kept", (path, content) => expect(preferredFileReason(path, content)).toBeUndefined());

test.each([
  ["~/.ssh/authorized_keys", "ssh-ed25519 AAAA"],
  ["~/.ssh/id_ed25519", "x"],
  ["~/.ssh/rc", "x"],
  ["~/.SSH/environment", "x"],
  ["~/.netrc", "x"],
  ["~/.git-credentials", "x"],
  ["~/.pgpass", "x"],
  ["~/.aws/credentials", "x"],
  ["~/.docker/config.json", "{}"],
  ["~/.config/gh/hosts.yml", "x"],
  ["~/.local/state/guise/files.json", "{}"],
  ["~/keys/server.pem", "x"],
  ["~/notes", KEY],
  ["~/.npmrc", "//registry.example.com/:_authToken=npm_abc\n"],
  ["~/.npmrc", "_password = abc\n"],
  ["~/.config/pip/pip.conf", "index-url = https://ada:secret@pypi.example.com/simple\n"],
  ["~/.bashrc", `export GH_TOKEN=ghp_${"a".repeat(36)}\n`],
  ["~/.bin", "a\0b"],
  ["~/.x", "\ud800"],
  ["/etc/passwd", "x"],
  ["~/../x", "x"],
  ["~/a//b", "x"],
  ["~/a\nb", "x"],
  ["~", "x"],
])("%s with %j is not", (path, content) => expect(preferredFileReason(path, content)).toEqual(expect.any(String)));

test("they are bounded, and no file lies below another", () => {
  const accepts = (files: Record<string, { content: string }>) => preferencesSchema.safeParse({ files }).success;
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`~/f${index}`, { content: "x" }]));
  expect([accepts(many(64)), accepts(many(65))]).toEqual([true, false]);
  const of = (bytes: number) => ({ "~/a": { content: "é".repeat(bytes / 4) }, "~/b": { content: "x".repeat(bytes / 2) } });
  expect([accepts(of(2 ** 18)), accepts(of(2 ** 18 + 4))]).toEqual([true, false]);
  expect(accepts({ "~/a": { content: "" }, "~/a/b": { content: "" } })).toBe(false);
});

test.each([
  { editor: "vim -c x" },
  { editor: "/tmp/x" },
  { editor: "a;b" },
  { shell: "/tmp/x" },
  { variables: { LD_PRELOAD: "x" } },
  { git: { name: "a\nb" } },
])("%j is refused", (preferences) => expect(preferencesSchema.safeParse(preferences).success).toBe(false));

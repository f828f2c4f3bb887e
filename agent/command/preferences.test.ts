import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXIT_CODES, type PreferencesView } from "@guise/contract";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandHome } from "../testing/command-home.ts";
import { type FakeBroker, json } from "../testing/fake-broker.ts";
import { problem } from "../testing/views.ts";

let command: CommandHome;
let broker: FakeBroker;
let home: string;
let stored: PreferencesView;
/** How many stores find that somebody else was there before. */
let overtaken = 0;

beforeEach(async () => {
  command = await CommandHome.start({ installation: "/srv/guise" });
  broker = command.broker;
  home = command.folder;
  stored = { revision: 0, preferences: {} };
  overtaken = 0;
  broker.handlers.set("GET /v1/preferences", (_, response) => json(response, 200, stored));
  broker.handlers.set("PUT /v1/preferences", ({ body }, response) => {
    const asked = JSON.parse(body) as PreferencesView;
    if (overtaken-- > 0) stored = { revision: stored.revision + 1, preferences: { ...stored.preferences, language: "fr" } };
    if (asked.revision !== stored.revision) return problem(response, "conflict", "It was changed meanwhile.");
    stored = { revision: asked.revision + 1, preferences: asked.preferences };
    return json(response, 200, stored);
  });
});
afterEach(async () => {
  await command[Symbol.asyncDispose]();
});

const guise = (...args: string[]) => command.guise("preferences", ...args);

test("what is named changes, what is empty goes, and the rest stays", async () => {
  expect((await guise("show")).err).toContain("You have set none");
  await guise("set", "--editor", "vim", "--git-name", "Ada", "--git-email", "ada@example.com", "--language", "de");
  const { out } = await guise("set", "--editor", "", "--git-name", "Ada L", "--time-zone", "Europe/Berlin");
  expect(stored.preferences).toEqual({ git: { name: "Ada L", email: "ada@example.com" }, language: "de", time_zone: "Europe/Berlin" });
  expect(out).toContain("git name    Ada L");
  await guise("set", "--git-name", "", "--git-email", "");
  expect(stored.preferences).not.toHaveProperty("git");
  expect(await guise("set")).toMatchObject({ code: EXIT_CODES.usage });
});

test("a change is made on what somebody else stored meanwhile", async () => {
  overtaken = 2;
  await guise("set", "--editor", "vim");
  expect(stored.preferences).toEqual({ editor: "vim", language: "fr" });
});

test("files and folders lie where they lie in the home, or where they are told to", async () => {
  await mkdir(join(home, ".config/nvim/.git"), { recursive: true });
  await writeFile(join(home, ".config/nvim/init.lua"), "-- mine\n");
  await writeFile(join(home, ".config/nvim/.git/HEAD"), "ref\n");
  await writeFile(join(home, "hello"), "#!/bin/sh\n");
  await chmod(join(home, "hello"), 0o755);
  await guise("add-file", join(home, ".config"));
  await guise("add-file", "hello", "--as", "bin/hello");
  expect(stored.preferences.files).toEqual({
    "~/.config/nvim/init.lua": { content: "-- mine\n" },
    "~/bin/hello": { content: "#!/bin/sh\n", executable: true },
  });
  await guise("add-file", ".config/nvim", "--as", ".");
  expect(Object.keys(stored.preferences.files ?? {})).toContain("~/init.lua");
  await guise("remove-file", join(home, ".config/nvim/init.lua"), "~/init.lua");
  expect(Object.keys(stored.preferences.files ?? {})).toEqual(["~/bin/hello"]);
  expect(await guise("remove-file", "~/none")).toMatchObject({ code: EXIT_CODES.usage, err: expect.stringContaining("~/none") });
});

test("what is no text, or leads elsewhere, is not taken", async () => {
  await writeFile(join(home, "bytes"), Buffer.from([255, 254]));
  await symlink("/etc/passwd", join(home, "link"));
  for (const file of ["bytes", "link", "none", "/etc/hostname"])
    expect(await guise("add-file", file)).toMatchObject({ code: EXIT_CODES.usage });
  expect(stored.revision).toBe(0);
});

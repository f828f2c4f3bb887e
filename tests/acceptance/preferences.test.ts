import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyPersona, World } from "./support/world.ts";

/**
 * What a person prefers, in workspaces on the real engine.
 * Slow: an image is built, Guise is killed, and workspaces are started again and again.
 */
let world: World;

beforeAll(async () => {
  world = await World.open();
  const open = tinyPersona({ required_applications: ["git", "apt:nano"], locale: "fr_FR", lifetime: { home: "keep" } });
  await published({ ...open, application_configuration: {} });
  const fixed = {
    variables: { EDITOR: "cat", LANG: "it_IT.UTF-8", TZ: "Asia/Tokyo" },
    files: {
      "~/.gitconfig": { format: "gitconfig", merge: { user: { name: "The Team" } } },
      "~/.rules": { format: "text", content: "theirs\n", apply: "replace" },
      "~/.tool.json": { format: "json", apply: "enforced", merge: { safe: true } },
    },
  };
  await published(tinyPersona({ persona_id: "fixed", persona_name: "Fixed", application_configuration: fixed }));
});
afterAll(() => world?.close());

async function published(definition: Readonly<Record<string, unknown>>): Promise<void> {
  const { exit, stderr } = await world.publish(definition);
  expect([exit, exit === 0 ? "" : stderr]).toEqual([0, ""]);
}
const held = async (persona: string) => expect(await world.guise("request", persona, "--no-launch")).toMatchObject({ exit: 0 });
const inside = async (persona: string, script: string) => {
  const { exit, stdout, stderr } = await world.guise("exec", persona, "--", "sh", "-c", script);
  expect([exit, stderr]).toEqual([0, ""]);
  return stdout;
};
const prefer = async (...args: string[]) => expect(await world.guise("preferences", ...args)).toMatchObject({ exit: 0, stderr: "" });

function dotfiles(): string {
  const folder = world.path("dotfiles");
  mkdirSync(folder);
  for (const [name, content] of [
    [".vimrc", "set number\n"],
    [".rules", "mine\n"],
    [".tool.json", '{ "mine": 1, "safe": false }\n'],
    [".kept", "first\n"],
  ] as const)
    writeFileSync(`${folder}/${name}`, content);
  return folder;
}

test("they are seen in a new workspace, and not above what an author set; Guise dies between storing and starting", async () => {
  await prefer("set", "--editor", "nano", "--shell", "dash", "--git-name", "Ada L", "--git-email", "ada@example.com", "--language", "de");
  await prefer("set", "--time-zone", "America/Toronto");
  await prefer("add-file", dotfiles(), "--as", ".");
  await world.kill();
  await world.start();

  await held("tiny");
  const seen = 'echo "$EDITOR $VISUAL $SHELL $LANG $TZ"; git config user.name; git config user.email; cat ~/.vimrc ~/.rules';
  expect(await inside("tiny", seen)).toBe(
    "nano nano /usr/bin/dash de_DE.UTF-8 America/Toronto\nAda L\nada@example.com\nset number\nmine\n",
  );

  await held("fixed");
  const fixed = 'echo "$EDITOR $VISUAL $LANG $TZ"; git config user.name; git config user.email; cat ~/.rules ~/.tool.json ~/.vimrc';
  expect(await inside("fixed", fixed)).toBe(
    'cat  it_IT.UTF-8 Asia/Tokyo\nThe Team\nada@example.com\ntheirs\n{ "mine": 1, "safe": true }\nset number\n',
  );
  const { stdout: why } = await world.guise("why", "fixed");
  expect(why).toContain("your ~/.rules is not used: the persona writes it");
  await world.guise("release", "fixed");
});

test("a change holds from the next start; what a home has stays; what an image lacks is told", async () => {
  await inside("tiny", "echo changed > ~/.kept; rm ~/.vimrc; mkdir ~/.vimrc");
  await prefer("set", "--shell", "zsh", "--editor", "emacs", "--git-name", "Ada Lovelace");
  expect(await inside("tiny", 'echo "$SHELL"; git config user.name')).toBe("/usr/bin/dash\nAda L\n");
  await world.guise("suspend", "tiny");
  expect((await world.guise("resume", "tiny")).exit).toBe(0);
  expect(await inside("tiny", 'echo "$SHELL $EDITOR"; git config user.name; cat ~/.kept; ls -A ~/.vimrc')).toBe(
    "/bin/bash \nAda Lovelace\nchanged\n",
  );
  const { stdout: why } = await world.guise("why", "tiny");
  expect(why).toContain("zsh is not in it: your shell here is bash");
  expect(why).toContain("emacs is not in it");
  await prefer("set", "--shell", "", "--editor", "", "--git-name", "", "--git-email", "", "--language", "", "--time-zone", "");
  await world.guise("release", "tiny", "--with-home");
});

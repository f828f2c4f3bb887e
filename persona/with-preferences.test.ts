import type { Preferences } from "@guise/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergedText } from "#applications";
import type { ConcretePersona, PlannedFile } from "./concrete.ts";
import { type MergedPreference, preferencesProblems, preferredMerges, withPreferences } from "./with-preferences.ts";

function personaWith(change: Partial<Pick<ConcretePersona, "variables" | "files" | "locale" | "timeZone">>): ConcretePersona {
  return { variables: {}, files: [], ...change } as unknown as ConcretePersona;
}

/** As a start does it, the merging in this thread. */
function preferred(change: Parameters<typeof personaWith>[0], preferences: Preferences) {
  const persona = personaWith(change);
  const merges = preferredMerges(persona, preferences);
  const merged = new Map(merges.map(({ path, file, merging }): [string, MergedPreference] => [path, mergedText(file, merging)]));
  return withPreferences(persona, preferences, merged);
}

const file = (change: Partial<PlannedFile>): PlannedFile => ({
  path: "~/f",
  content: "theirs\n",
  mode: 0o644,
  apply: "default",
  ...change,
});
const mine = (content: string, path = "~/f"): Preferences => ({ files: { [path]: { content } } });

describe("what a persona leaves open", () => {
  test("is filled: programs, language, time zone, who commits, files", () => {
    const found = preferred(
      { locale: "de_DE", timeZone: "Europe/Berlin" },
      {
        ...{ editor: "vim", shell: "zsh", language: "fr-CA", time_zone: "America/Toronto", git: { name: 'A "B"', email: "a@b" } },
        files: { "~/.vimrc": { content: "set nu\n" }, "~/bin/x": { content: "#!/bin/sh\n", executable: true } },
      },
    );
    expect(found.persona).toMatchObject({ locale: "fr_CA", timeZone: "America/Toronto" });
    expect(found.persona.variables).toEqual({
      GUISE_EDITOR: "vim",
      GUISE_SHELL: "zsh",
      GIT_CONFIG_SYSTEM: "/run/guise/preferences/gitconfig",
    });
    expect(found.offered.map(({ path, mode }) => [path, mode])).toEqual([
      ["/run/guise/preferences/gitconfig", 0o644],
      ["~/.vimrc", 0o644],
      ["~/bin/x", 0o755],
    ]);
    expect(found.offered[0]?.content).toBe('[user]\n\tname = "A \\"B\\""\n\temail = a@b\n[include]\n\tpath = "/etc/gitconfig"\n');
    expect(found.left).toEqual([]);
  });

  test("a text that it only begins with is the person's own", () => {
    expect(preferred({ files: [file({})] }, mine("mine\n")).persona.files).toEqual([file({ content: "mine\n" })]);
  });
});

describe("what a persona sets", () => {
  test.each([
    ["EDITOR", { editor: "vim" }],
    ["VISUAL", { editor: "vim" }],
    ["SHELL", { shell: "zsh" }],
    ["GIT_CONFIG_NOSYSTEM", { git: { name: "A" } }],
    ["GIT_CONFIG_SYSTEM", { git: { name: "A" } }],
  ] as const)("%s keeps the preference out", (name, preferences) => {
    const { persona, offered, programs } = preferred({ variables: { [name]: "theirs" } }, preferences);
    expect([persona.variables, offered, programs]).toEqual([{ [name]: "theirs" }, [], []]);
  });

  test("a file that it replaces stays its own, and the person is told", () => {
    const replaced = file({ apply: "replace" });
    const { persona, offered, left } = preferred({ files: [replaced] }, mine("mine\n"));
    expect([persona.files, offered, left]).toEqual([[replaced], [], [{ path: "~/f", why: "the persona writes it" }]]);
  });

  test("keys of a file are set in the person's", () => {
    const merge = { format: "json" as const, keys: { a: 1, b: 2 } };
    const content = '{ // mine\n  "a": 7, "c": 3 }';
    const read = (apply: PlannedFile["apply"]) =>
      preferred({ files: [file({ apply, merge })] }, mine(content)).persona.files[0]?.content.replace("// mine", "") ?? "";
    expect(JSON.parse(read("enforced"))).toEqual({ a: 1, b: 2, c: 3 });
    expect(JSON.parse(read("default"))).toEqual({ a: 7, b: 2, c: 3 });
  });

  test("what cannot be merged is left out, and no start fails of it", () => {
    const merging = file({ apply: "enforced", merge: { format: "json", keys: { a: 1 } } });
    const broken = preferred({ files: [merging] }, mine("{"));
    expect(broken.persona.files).toEqual([merging]);
    expect(broken.left).toHaveLength(1);
    for (const path of ["~/f/below", "~/.config"]) {
      const inTheWay = preferred({ files: [file({}), file({ path: "~/.config/x" })] }, mine("mine\n", path));
      expect([inTheWay.offered, inTheWay.left.map((one) => one.path)]).toEqual([[], [path]]);
    }
  });
});

test("nothing of preferences changes what a persona sets, whatever they are", () => {
  const names = fc.constantFrom("EDITOR", "VISUAL", "SHELL", "LANG", "TZ", "GUISE_SHELL", "GUISE_EDITOR", "GIT_CONFIG_SYSTEM", "PATH", "X");
  const paths = fc.constantFrom("~/.a", "~/.a/b", "~/.c", "~/.gitconfig", "/run/guise/preferences/gitconfig");
  const text = fc.oneof(fc.string(), fc.constant('{"k": 9, "m": {"n": 1}}'), fc.constant("{"));
  const keys = fc.record({ k: fc.integer(), m: fc.record({ n: fc.integer() }, { requiredKeys: [] }) }, { requiredKeys: [] });
  const theirs = fc.record({
    variables: fc.dictionary(names, fc.string()),
    files: fc.uniqueArray(
      fc.record({
        path: paths,
        content: fc.string(),
        mode: fc.constant(0o600),
        apply: fc.constantFrom("enforced", "replace", "default"),
        keys,
      }),
      { selector: ({ path }) => path },
    ),
  });
  const wishes = fc.record(
    {
      editor: fc.constant("vim"),
      shell: fc.constant("zsh" as const),
      git: fc.constant({ name: "A" }),
      language: fc.constantFrom("de", "none-such"),
      time_zone: fc.constantFrom("Europe/Berlin", "No/Where"),
      files: fc.dictionary(paths, fc.record({ content: text })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(theirs, wishes, ({ variables, files }, wish) => {
      const planned = files.map(({ keys: wanted, ...rest }): PlannedFile => {
        if (rest.apply !== "enforced") return rest as PlannedFile;
        return { ...rest, content: JSON.stringify(wanted), merge: { format: "json", keys: wanted } } as PlannedFile;
      });
      const { persona, offered } = preferred({ variables, files: planned }, wish as Preferences);
      expect(persona.variables).toMatchObject(variables);
      for (const before of planned) {
        const after = persona.files.find(({ path }) => path === before.path);
        expect({ ...after, content: "" }).toEqual({ ...before, content: "" });
        if (before.apply === "replace") expect(after).toEqual(before);
        if (before.merge !== undefined) expect(JSON.parse(after?.content ?? "")).toMatchObject(before.merge.keys);
      }
      const taken = new Set(planned.map(({ path }) => path));
      expect(offered.filter(({ path }) => taken.has(path))).toEqual([]);
    }),
  );
});

test("a language or a time zone that there is not is told, with the nearest", () => {
  expect(preferencesProblems({ language: "de", time_zone: "Europe/Berlin" })).toEqual([]);
  expect(preferencesProblems({ language: "xx-QQ", time_zone: "Europe/Berln" })).toMatchObject([
    { path: "$.preferences.language", code: "unknown_name" },
    { path: "$.preferences.time_zone", suggestion: "Europe/Berlin" },
  ]);
});

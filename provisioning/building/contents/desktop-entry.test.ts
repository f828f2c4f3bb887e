import { expect, test } from "vitest";
import { desktopCommand, readDesktopEntry } from "./desktop-entry.ts";

test("reads what is launched", () => {
  expect(readDesktopEntry(["Type=Application", "Name=Gnumeric", "Exec=gnumeric %U", "Terminal=false"])).toEqual({
    title: "Gnumeric",
    terminal: false,
    command: ["gnumeric"],
  });
  expect(readDesktopEntry(["Name=Htop", "Exec=htop", "Terminal=true"])?.terminal).toBe(true);
});

test.each([
  ["hidden", ["Name=x", "Exec=x", "NoDisplay=true"]],
  ["for the menu of one desktop environment", ["Name=x", "Exec=x", "OnlyShowIn=XFCE;"]],
  ["a link", ["Type=Link", "Name=x", "Exec=x"]],
  ["without a command", ["Name=x"]],
])("leaves out what is %s", (_, lines) => {
  expect(readDesktopEntry(lines)).toBeUndefined();
});

test("takes an Exec line apart without a shell", () => {
  expect(desktopCommand('env A=1 "/opt/a b/run" --title "say \\"hi\\"" %f %% $(id)')).toEqual([
    "env",
    "A=1",
    "/opt/a b/run",
    "--title",
    'say "hi"',
    "%",
    "$(id)",
  ]);
});

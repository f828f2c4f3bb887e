import { expect, test } from "vitest";
import { Swallowed } from "./swallowed.ts";

function heard(...lines: readonly string[]): Swallowed {
  const swallowed = new Swallowed();
  for (const line of lines) expect(swallowed.push(line)).toBe(true);
  return swallowed;
}

test("what a package asked for is told with how to accept it", () => {
  expect(() => heard("asked\tsharp\tgithub.com", "asked\tsharp\tapi.github.com", "asked\t@a/b\tx.example").require([])).toThrow(
    'sharp asked for api.github.com, github.com; @a/b asked for x.example: no build reaches that, and their install scripts went on without it, so something may be missing; where it is not needed, write "accepted_gaps": ["npm:sharp", "npm:@a/b"]',
  );
  expect(() => heard("asked\tpuppeteer\tstorage.example").require([])).toThrow('; "apt:chromium" beside it brings a browser; where');
});

test("what is accepted by name is none, and neither is what nobody asked for", () => {
  heard("asked\tsharp\tgithub.com").require(["sharp"]);
  heard().require([]);
});

test("a script that writes such lines itself makes nothing of them but a name and a host", () => {
  expect(() => heard("asked\t\u001b[31m\tx", "asked\tx\ty z", "asked\t").require([])).not.toThrow();
  expect(new Swallowed().push("npm asked\tx\ty")).toBe(false);
});

import { expect, test } from "vitest";
import { actOfKey, type PressedKey } from "./terminal-keys.ts";

/** "Ctrl+Shift+F": the last is the key; its code is that of a US keyboard. */
function pressed(keys: string): PressedKey {
  const parts = keys.split(/\+(?=.)/);
  const key = parts.at(-1) ?? "";
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  const has = (name: string) => parts.slice(0, -1).includes(name);
  return { key, code, ctrlKey: has("Ctrl"), shiftKey: has("Shift"), altKey: has("Alt"), metaKey: has("Meta") };
}

test.each([
  ["Ctrl+F6", "leave"],
  ["Ctrl+Shift+F", "find"],
  ["Ctrl+Shift+C", "copy"],
  ["Ctrl+Shift+V", "paste"],
  ["Ctrl++", "larger"],
  ["Ctrl+=", "larger"],
  ["Ctrl+Shift++", "larger"],
  ["Ctrl+-", "smaller"],
  ["Ctrl+0", "usual"],
  // These are the program's.
  ["Ctrl+f", undefined],
  ["Ctrl+c", undefined],
  ["Ctrl+v", undefined],
  ["Ctrl+Shift+_", undefined],
  ["Ctrl+Alt+0", undefined],
  ["Ctrl+Alt+Shift+F", undefined],
  ["Meta++", undefined],
  ["+", undefined],
  ["0", undefined],
  ["F6", undefined],
] as const)("%s: %s", (keys, act) => expect(actOfKey(pressed(keys), false)).toBe(act));

test.each([
  ["Meta+f", "find"],
  ["Ctrl+Shift+F", "find"],
  ["Meta++", "larger"],
  ["Meta+-", "smaller"],
  ["Meta+0", "usual"],
  ["Ctrl+-", undefined],
  ["Ctrl+f", undefined],
] as const)("on a Mac %s: %s", (keys, act) => expect(actOfKey(pressed(keys), true)).toBe(act));

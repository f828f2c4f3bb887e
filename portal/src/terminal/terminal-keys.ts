import type { SizeAct } from "./text-size.ts";

/** What the page does for a key pressed in a terminal; whatever is not among these goes to the program. */
export type KeyAct = "leave" | "find" | "copy" | "paste" | SizeAct;

export interface PressedKey {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Keys that no shell uses. Ctrl+_, which takes back in most line editors, is none of them: it is Ctrl+- with Shift on many keyboards. */
export function actOfKey(pressed: PressedKey, isMac: boolean): KeyAct | undefined {
  const { key, code, ctrlKey, shiftKey, altKey, metaKey } = pressed;
  if (key === "F6" && ctrlKey) return "leave";
  if (altKey) return undefined;
  if (ctrlKey && shiftKey && !metaKey) {
    if (code === "KeyF") return "find";
    if (code === "KeyC") return "copy";
    if (code === "KeyV") return "paste";
  }
  // What a Mac does with the command key its browser does by itself but for these.
  const isCommand = isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (isMac && isCommand && !shiftKey && code === "KeyF") return "find";
  if (!isCommand) return undefined;
  // Plus needs Shift on some keyboards, and is the key with the equals sign there.
  if (key === "+" || key === "=") return "larger";
  if (key === "-" && !shiftKey) return "smaller";
  return key === "0" && !shiftKey ? "usual" : undefined;
}

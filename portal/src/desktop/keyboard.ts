/** Keysyms of X: https://www.x.org/releases/current/doc/xproto/x11protocol.html#keysym_encoding */
const CONTROL_LEFT = 0xffe3;
const META_LEFT = 0xffe7;
const BACKSPACE = 0xff08;
const RETURN = 0xff0d;
const LETTER_V = 0x76;

/** Where keys go, and texts. */
export interface KeyTarget {
  sendKey(keysym: number, code: string | null, down?: boolean): void;
  clipboardPasteFrom(text: string): void;
}

interface KeyboardParts {
  /** Has the focus for the display: only what can be written in gets input methods, the keyboard of a phone, and what is pasted. */
  readonly field: HTMLTextAreaElement;
  /** Reads keys as they are pressed. */
  readonly canvas: () => HTMLElement | undefined;
  readonly target: () => KeyTarget | undefined;
  /** The key that leaves the display was pressed. */
  readonly left: () => void;
}

/** Ms after which a browser that was asked to paste has nothing, or may not. */
const PASTED_WITHIN = 400;
const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent);
/** What people press with the command key where a workspace has control. */
const OF_COMMAND = new Set(["a", "c", "f", "n", "o", "p", "s", "v", "x", "y", "z"]);

export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point === 10 || point === 13) return RETURN;
  return point >= 0x20 && point <= 0xff ? point : 0x01000000 | point;
}

/** Hands what is typed in the field to the display: keys one by one, texts of input methods and of phones letter by letter. Returns what ends it. */
export function listenToKeys({ field, canvas, target, left }: KeyboardParts): () => void {
  const over = new AbortController();
  const { signal } = over;
  let pasting: ReturnType<typeof setTimeout> | undefined;
  /** What was pressed behind a paste: it comes after it, and the keys that were held for it are let go after it. */
  const behind: (() => void)[] = [];
  const inOrder = (act: () => void) => {
    if (pasting === undefined) act();
    else behind.push(act);
  };
  const type = (text: string) => {
    for (const character of text) target()?.sendKey(keysymOf(character), null);
  };
  const pressV = () => {
    clearTimeout(pasting);
    pasting = undefined;
    if (IS_MAC) target()?.sendKey(CONTROL_LEFT, "ControlLeft", true);
    target()?.sendKey(LETTER_V, "KeyV");
    if (IS_MAC) target()?.sendKey(CONTROL_LEFT, "ControlLeft", false);
    for (const act of behind.splice(0)) act();
  };
  const hand = (event: KeyboardEvent) => {
    if (event.isComposing || event.key === "Process" || event.key === "Dead" || event.key === "Unidentified") return;
    if (event.key === "F6" && event.ctrlKey) {
      event.preventDefault();
      if (event.type === "keydown") left();
      return;
    }
    const isCommand = IS_MAC && event.metaKey && OF_COMMAND.has(event.key.toLowerCase());
    if (event.key.toLowerCase() === "v" && (event.ctrlKey || isCommand) && !event.altKey) {
      // The browser pastes into the field, and says what; until then the application has not heard of the key.
      if (event.type === "keydown" && pasting === undefined) pasting = setTimeout(pressV, PASTED_WITHIN);
      return;
    }
    if (isCommand) {
      event.preventDefault();
      if (event.type === "keydown") inOrder(() => command(event.key));
      return;
    }
    const copied = new KeyboardEvent(event.type, event);
    if (pasting === undefined) {
      canvas()?.dispatchEvent(copied);
      if (copied.defaultPrevented) event.preventDefault();
    } else {
      event.preventDefault();
      behind.push(() => canvas()?.dispatchEvent(copied));
    }
  };
  const command = (key: string) => {
    const to = target();
    to?.sendKey(META_LEFT, "MetaLeft", false);
    to?.sendKey(CONTROL_LEFT, "ControlLeft", true);
    to?.sendKey(keysymOf(key.toLowerCase()), null);
    to?.sendKey(CONTROL_LEFT, "ControlLeft", false);
  };
  field.addEventListener("keydown", hand, { signal });
  field.addEventListener("keyup", hand, { signal });
  field.addEventListener(
    "paste",
    (event) => {
      event.preventDefault();
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text !== "") target()?.clipboardPasteFrom(text);
      // One that comes too late is there for the next time.
      if (pasting !== undefined) pressV();
    },
    { signal },
  );
  field.addEventListener(
    "beforeinput",
    (event) => {
      if (event.inputType === "deleteContentBackward") target()?.sendKey(BACKSPACE, "Backspace");
    },
    { signal },
  );
  const take = () => {
    const text = field.value;
    field.value = "";
    inOrder(() => type(text));
  };
  field.addEventListener("input", (event) => !(event as InputEvent).isComposing && take(), { signal });
  field.addEventListener("compositionend", take, { signal });
  return () => {
    // What was pressed is not lost by looking elsewhere.
    if (pasting !== undefined) pressV();
    over.abort();
  };
}

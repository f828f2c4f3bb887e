/**
 * What a terminal's output may have where text and files are not to leave by it: letters, colors, movements, titles and links, and none of what makes a
 * terminal take something over (its clipboard, files, pictures). What is taken out is replaced byte for byte, for a
 * viewer counts what came: its beginning by CAN, which ends whatever has begun, the rest by NUL, which terminals pass over.
 */
export class TerminalFilter {
  #state: "ground" | "lead" | "escape" | "number" | "dropped" | "dropped escape" | "dropped lead" = "ground";
  /** Not given on yet: it depends on what follows. */
  #held: number[] = [];
  #number = "";
  /** Bytes that the present letter still has. */
  #left = 0;

  push(bytes: Buffer): Buffer {
    const out: number[] = [];
    for (const byte of bytes) this.#take(byte, out);
    return Buffer.from(out);
  }

  #take(byte: number, out: number[]): void {
    switch (this.#state) {
      case "ground":
        this.#onGround(byte, out);
        break;
      case "lead":
        this.#afterLead(byte, out);
        break;
      case "escape":
        this.#afterEscape(byte, out);
        break;
      case "number":
        this.#inNumber(byte, out);
        break;
      case "dropped":
        this.#inDropped(byte, out);
        break;
      case "dropped lead":
        out.push(0);
        this.#state = byte === STRING_END ? "ground" : "dropped";
        break;
      case "dropped escape":
        this.#afterDroppedEscape(byte, out);
    }
  }

  /** Controls of the second kind, as letters have them. */
  #afterLead(byte: number, out: number[]): void {
    if (byte >= 0x80 && byte <= 0x9f) {
      this.#control(byte, out);
      return;
    }
    this.#giveHeld(out);
    this.#state = "ground";
    if (byte >= 0xa0 && byte <= 0xbf) out.push(byte);
    else this.#onGround(byte, out);
  }

  #afterDroppedEscape(byte: number, out: number[]): void {
    if (byte !== BACKSLASH) {
      this.#afterEscape(byte, out);
      return;
    }
    this.#blankHeld(out);
    out.push(0);
    this.#state = "ground";
  }

  #onGround(byte: number, out: number[]): void {
    if (this.#left > 0 && byte >= 0x80 && byte <= 0xbf) {
      this.#left--;
      out.push(byte);
      return;
    }
    this.#left = byte >= 0xf0 && byte <= 0xf7 ? 3 : byte >= 0xe0 && byte <= 0xef ? 2 : byte >= 0xc3 && byte <= 0xdf ? 1 : 0;
    if (byte === ESCAPE || byte === LEAD) {
      this.#held = [byte];
      this.#state = byte === ESCAPE ? "escape" : "lead";
    } else if (byte >= 0x80 && byte <= 0x9f) this.#control(byte, out);
    else out.push(byte);
  }

  /** A control of the second kind, with what is held of it. */
  #control(byte: number, out: number[]): void {
    this.#held.push(byte);
    if (byte === OPERATING_SYSTEM) this.#begin();
    else if (STRINGS.has(byte)) this.#drop(out);
    else {
      this.#giveHeld(out);
      this.#state = "ground";
    }
  }

  #afterEscape(byte: number, out: number[]): void {
    if (byte === 0x5d || STRINGS_AFTER_ESCAPE.has(byte)) {
      this.#held.push(byte);
      if (byte === 0x5d) this.#begin();
      else this.#drop(out);
      return;
    }
    this.#giveHeld(out);
    this.#state = "ground";
    this.#onGround(byte, out);
  }

  #begin(): void {
    this.#number = "";
    this.#state = "number";
  }

  #inNumber(byte: number, out: number[]): void {
    if (byte >= 0x30 && byte <= 0x39 && this.#number.length < 5) {
      this.#number += String.fromCharCode(byte);
      this.#held.push(byte);
      return;
    }
    if (HARMLESS.has(this.#number)) {
      // What follows is its text, which ends as the terminal says; whatever begins in it is looked at as anywhere.
      this.#giveHeld(out);
      this.#state = "ground";
      this.#onGround(byte, out);
    } else {
      this.#drop(out);
      this.#inDropped(byte, out);
    }
  }

  #drop(out: number[]): void {
    this.#blankHeld(out);
    this.#state = "dropped";
  }

  #inDropped(byte: number, out: number[]): void {
    if (byte === ESCAPE) {
      this.#held = [byte];
      this.#state = "dropped escape";
      return;
    }
    out.push(0);
    if (byte === BELL || byte === STRING_END || byte === CANCEL || byte === SUBSTITUTE) this.#state = "ground";
    else if (byte === LEAD) this.#state = "dropped lead";
  }

  #giveHeld(out: number[]): void {
    out.push(...this.#held);
    this.#held = [];
  }

  #blankHeld(out: number[]): void {
    // Whatever was begun before, by an escape alone, ends with it: NUL would not end that.
    out.push(...this.#held.map(() => CANCEL));
    this.#held = [];
  }
}

const [BELL, CANCEL, SUBSTITUTE, ESCAPE, BACKSLASH] = [0x07, 0x18, 0x1a, 0x1b, 0x5c];
/** First byte of U+0080 to U+00BF, of which the first 32 are controls. */
const LEAD = 0xc2;
const STRING_END = 0x9c;
const OPERATING_SYSTEM = 0x9d;
/** Device control, start of string, privacy message, application command. */
const STRINGS: ReadonlySet<number> = new Set([0x90, 0x98, 0x9e, 0x9f]);
const STRINGS_AFTER_ESCAPE: ReadonlySet<number> = new Set([..."PX^_"].map((letter) => letter.charCodeAt(0)));
/** Of the commands to an operating system: titles, the folder, links, colors, and where a prompt begins. */
const HARMLESS: ReadonlySet<string> = new Set("0 1 2 4 7 8 10 11 12 17 19 104 110 111 112 133".split(" "));

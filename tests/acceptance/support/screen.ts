import type { Workspace } from "@guise/agent";

/** Keysyms of X by the names that tests use for them. */
const KEYS: Readonly<Record<string, number>> = {
  ...{ ctrl: 0xffe3, shift: 0xffe1, alt: 0xffe9, enter: 0xff0d, escape: 0xff1b, tab: 0xff09, backspace: 0xff08, delete: 0xffff },
  ...{ home: 0xff50, left: 0xff51, up: 0xff52, right: 0xff53, down: 0xff54, end: 0xff57 },
  ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index + 1}`, 0xffbe + index])),
};
const VERSION = "RFB 003.008\n";
const RAW = 0;
const TIGHT = 7;
/** As the portal asks for them: of JPEG level 8, compressed a little. */
const LEVELS = [-24, -254];
const PIXEL = 4;
/** As many pixels as change while everything waits: a cursor that blinks, a number in a status line. */
const BLINKS = 2_000;
/** What a display is where there is no window, and the part of it that is something else where a dialog stands on it alone. */
const BARE = Buffer.from([0, 0, 0]);
const LARGE = 0.3;
/** Every such byte is looked at. */
const SAMPLED = 17 * PIXEL;

type OpenStream = (
  take: (bytes: Uint8Array) => void,
  over: (error: Error) => void,
) => Promise<{ readonly write: (bytes: Buffer) => void; readonly close: () => void }>;

/** A desktop application as somebody without a browser sees it and types in it: RFB over the SDK's stream, every pixel as it is. */
export class ScreenOnWire {
  #write: (bytes: Buffer) => void = () => {};
  #close: () => void = () => {};
  #came = Buffer.alloc(0);
  #wants: { readonly count: number; readonly give: (bytes: Buffer) => void } | undefined;
  #changedAt = 0;
  #over: Error | undefined;
  #drawn: () => void = () => {};
  width = 0;
  height = 0;
  picture = Buffer.alloc(0);
  /** How often it was drawn on. */
  updates = 0;

  private constructor() {}

  static join(workspace: Workspace, launch: string): Promise<ScreenOnWire> {
    return ScreenOnWire.over(async (take, over) => {
      const session = await workspace.connectScreen(launch, take);
      session.exit.catch(over);
      return { write: (bytes) => void session.write(bytes).catch(() => {}), close: () => session.close() };
    });
  }

  /** Over whatever stream leads to the display. */
  static async over(open: OpenStream): Promise<ScreenOnWire> {
    const screen = new ScreenOnWire();
    const stream = await open(
      (bytes) => screen.#take(Buffer.from(bytes)),
      (error) => {
        screen.#over = error;
      },
    );
    screen.#write = stream.write;
    screen.#close = stream.close;
    await screen.#begin();
    void screen.#read().catch(() => {});
    return screen;
  }

  /** From now on it comes as a browser has it, which is counted and not drawn. */
  countOnly(): void {
    this.#encode(TIGHT, 1, RAW, ...LEVELS);
  }

  /** Resolves when it was drawn on the next time. */
  drawn(): Promise<void> {
    return new Promise((resolve) => {
      this.#drawn = resolve;
    });
  }

  /** The person's own word is an act; a whole text is many. "<ctrl+s>" is what is pressed together. */
  type(text: string): void {
    this.#changedAt = performance.now();
    const together = /^<([a-z0-9+]+)>$/.exec(text)?.[1]?.split("+");
    if (together === undefined) {
      for (const character of text) this.#press(character === "\n" ? KEYS.enter : keysymOf(character));
      return;
    }
    const keys = together.map((name) => KEYS[name] ?? keysymOf(name));
    for (const key of keys) this.#key(key, true);
    for (const key of keys.toReversed()) this.#key(key, false);
  }

  click(x: number, y: number): void {
    this.#changedAt = performance.now();
    for (const buttons of [0, 1, 0]) this.#write(Buffer.from([5, buttons, x >> 8, x & 255, y >> 8, y & 255]));
  }

  /** Resolves when there is something to see, and it has stood still for so many ms, since what was typed last too. */
  async still(ms: number, within = 120_000): Promise<void> {
    const began = performance.now();
    for (;;) {
      if (this.#over !== undefined) throw this.#over;
      const now = performance.now();
      if (this.updates > 0 && now - this.#changedAt >= ms && !this.isBlank) return;
      if (now - began > within) throw new Error(`the screen ${this.isBlank ? "stayed blank" : "never stood still"} for ${within} ms`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Of one color; or bare but for a pointer or what some programs show while they start: no window reaches its corner, nor is one large. */
  get isBlank(): boolean {
    const corner = this.picture.subarray(0, 3);
    let others = 0;
    for (let at = 0; at < this.picture.length; at += SAMPLED) if (!this.picture.subarray(at, at + 3).equals(corner)) others++;
    return others * SAMPLED < this.picture.length * (corner.equals(BARE) ? LARGE : 0.001);
  }

  close(): void {
    this.#close();
  }

  async #begin(): Promise<void> {
    await this.#next(VERSION.length);
    this.#write(Buffer.from(VERSION));
    const [count = 0] = await this.#next(1);
    await this.#next(count);
    this.#write(Buffer.of(1));
    await this.#next(4);
    this.#write(Buffer.of(1));
    const facts = await this.#next(24);
    await this.#next(facts.readUInt32BE(20));
    this.width = facts.readUInt16BE(0);
    this.height = facts.readUInt16BE(2);
    this.picture = Buffer.alloc(this.width * this.height * PIXEL);
    this.#encode(RAW);
    this.#ask(false);
  }

  async #read(): Promise<void> {
    for (;;) {
      const [kind] = await this.#next(1);
      if (kind === 0) {
        const head = await this.#next(3);
        for (let left = head.readUInt16BE(1); left > 0; left--) await this.#rectangle();
        this.updates++;
        this.#drawn();
        this.#ask(true);
      } else if (kind === 3) await this.#next((await this.#next(7)).readUInt32BE(3));
      else if (kind !== 2) throw new Error(`message ${kind}`);
    }
  }

  async #rectangle(): Promise<void> {
    const head = await this.#next(12);
    const [x = 0, y = 0, width = 0, height = 0] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at));
    if (head.readInt32BE(8) === TIGHT) return this.#skipTight(width, height);
    if (head.readInt32BE(8) === 1) return void (await this.#next(4));
    const pixels = await this.#next(width * height * PIXEL);
    for (let row = 0; row < height; row++) {
      const part = pixels.subarray(row * width * PIXEL, (row + 1) * width * PIXEL);
      const at = ((y + row) * this.width + x) * PIXEL;
      if (part.equals(this.picture.subarray(at, at + part.length))) continue;
      if (width * height > BLINKS) this.#changedAt = performance.now();
      part.copy(this.picture, at);
    }
  }

  /** What is not drawn here, but counted: compressed rectangles have no other length than what they say. */
  async #skipTight(width: number, height: number): Promise<void> {
    const [control = 0] = await this.#next(1);
    const kind = control >> 4;
    if (kind === 8) await this.#next(3);
    else if (kind === 9) await this.#next(await this.#compactLength());
    else {
      let bytes = width * height * 3;
      const [filter = 0] = (kind & 4) === 0 ? [] : await this.#next(1);
      if (filter === 1) {
        const colors = ((await this.#next(1))[0] ?? 0) + 1;
        await this.#next(colors * 3);
        bytes = colors <= 2 ? Math.ceil(width / 8) * height : width * height;
      }
      await this.#next(bytes < 12 ? bytes : await this.#compactLength());
    }
  }

  async #compactLength(): Promise<number> {
    let length = 0;
    for (const shift of [0, 7, 14]) {
      const [byte = 0] = await this.#next(1);
      length |= (shift === 14 ? byte : byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return length;
  }

  #encode(...encodings: readonly number[]): void {
    const message = Buffer.alloc(4 + encodings.length * 4);
    message[0] = 2;
    message.writeUInt16BE(encodings.length, 2);
    for (const [index, encoding] of encodings.entries()) message.writeInt32BE(encoding, 4 + index * 4);
    this.#write(message);
  }

  #ask(changes: boolean): void {
    const size = Buffer.alloc(4);
    size.writeUInt16BE(this.width, 0);
    size.writeUInt16BE(this.height, 2);
    this.#write(Buffer.concat([Buffer.from([3, changes ? 1 : 0, 0, 0, 0, 0]), size]));
  }

  #press(key: number | undefined): void {
    if (key === undefined) return;
    this.#key(key, true);
    this.#key(key, false);
  }

  #key(key: number, down: boolean): void {
    const message = Buffer.alloc(8);
    message[0] = 4;
    message[1] = down ? 1 : 0;
    message.writeUInt32BE(key, 4);
    this.#write(message);
  }

  #take(bytes: Buffer): void {
    this.#came = Buffer.concat([this.#came, bytes]);
    this.#giveOut();
  }

  #next(count: number): Promise<Buffer> {
    return new Promise((give) => {
      this.#wants = { count, give };
      this.#giveOut();
    });
  }

  #giveOut(): void {
    const wants = this.#wants;
    if (wants === undefined || this.#came.length < wants.count) return;
    this.#wants = undefined;
    const part = this.#came.subarray(0, wants.count);
    this.#came = this.#came.subarray(wants.count);
    wants.give(part);
  }
}

function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point >= 0x20 && point <= 0xff ? point : 0x01000000 | point;
}

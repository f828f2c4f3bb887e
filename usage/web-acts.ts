import { createHash, type Hash } from "node:crypto";
import { requestOf } from "./request-head.ts";
import type { SeenPaths } from "./seen-paths.ts";

/** A head or a line of chunks beyond so many bytes is nothing that is read here: then all that comes counts. */
const LONGEST_HEAD = 32 * 1024;
const LONGEST_CHUNK_LINE = 1024;
/** Bytes of a message that says only that its sender is still there, as Engine.IO's pong does; it counts for nothing. */
const HEARTBEAT = 1;
/** What is put is compared with what was put before up to so many bytes; more is an upload, and counts as it comes. */
const MOST_COMPARED = 64 * 1024;

const FRAME = { mask: 0x80, length: 0x7f, opcode: 0x0f, firstControl: 0x8 } as const;

/** What the next byte is part of. `acts`: of a body that counts as it comes. */
type Place =
  | { readonly in: "head" | "chunk line" | "trailer" | "upgraded" | "frame head" }
  | { readonly in: "bytes"; readonly left: number; readonly acts: boolean; readonly next: "end" | "chunk line" | "frame head" }
  /** What is spoken is not known: every byte counts. */
  | { readonly in: "unknown" };

/**
 * Tells in what a browser sends over one connection to a web application whether somebody acts, from a page that only looks again. An
 * act is a method that changes something, a path that was not asked for before, a page that is gone to, and a message over a WebSocket;
 * pings, pongs, what was asked for before, and a PUT of what was put there before (JupyterLab puts its layout every ten seconds) are not.
 * Nothing is kept but where in the protocol the next byte stands, and what tells paths and what was put apart.
 */
export class WebActs {
  readonly #paths: SeenPaths;
  #place: Place = { in: "head" };
  #kept: Buffer = Buffer.alloc(0);
  #acts = false;
  /** What is being put, where that may be what was put before. */
  #put: { readonly path: string; readonly hash: Hash; bytes: number } | undefined;

  constructor(paths: SeenPaths) {
    this.#paths = paths;
  }

  /** Whether somebody acts by these bytes. */
  take(bytes: Buffer): boolean {
    this.#acts = false;
    this.#kept = this.#kept.length === 0 ? bytes : Buffer.concat([this.#kept, bytes]);
    while (this.#kept.length > 0 && this.#step());
    // A view of what the socket reads into would hold all of it.
    this.#kept = Buffer.from(this.#kept);
    return this.#acts;
  }

  /** False when more bytes are needed. */
  #step(): boolean {
    const place = this.#place;
    switch (place.in) {
      case "head":
        return this.#head();
      case "chunk line":
        return this.#chunkLine();
      case "trailer":
        return this.#trailer();
      case "upgraded":
        return this.#upgraded();
      case "frame head":
        return this.#frameHead();
      case "bytes":
        return this.#bytes(place);
      case "unknown":
        this.#acts = true;
        this.#drop(this.#kept.length);
        return false;
    }
  }

  #head(): boolean {
    // Empty lines before a request are passed over, as servers do.
    if (this.#kept[0] === 0x0d || this.#kept[0] === 0x0a) return this.#drop(1);
    const end = this.#kept.indexOf("\r\n\r\n");
    if (end === -1) return this.#kept.length > LONGEST_HEAD && this.#unknown();
    const request = requestOf(this.#kept.toString("latin1", 0, end));
    if (request === undefined) return this.#unknown();
    const { method, path, body, navigates, upgrades } = request;
    const reads = method === "GET" || method === "HEAD" || method === "OPTIONS";
    const isNew = method !== "OPTIONS" && this.#paths.isNew(path);
    const compared = method === "PUT" && (body === "chunked" || body <= MOST_COMPARED);
    if (isNew || navigates || (!reads && !compared && body !== HEARTBEAT)) this.#acts = true;
    this.#put = compared ? { path, hash: createHash("sha256"), bytes: 0 } : undefined;
    this.#drop(end + 4);
    if (upgrades) this.#place = { in: "upgraded" };
    else if (body === "chunked") this.#place = { in: "chunk line" };
    else if (body === 0) this.#ended();
    else this.#place = { in: "bytes", left: body, acts: !reads && !compared && body > HEARTBEAT, next: "end" };
    return true;
  }

  /** The request is whole: whether it puts something else than before can now be told. */
  #ended(): true {
    if (this.#put !== undefined && this.#paths.putsAnother(this.#put.path, this.#put.hash.digest("base64"))) this.#acts = true;
    this.#put = undefined;
    this.#place = { in: "head" };
    return true;
  }

  #bytes({ left, acts, next }: Extract<Place, { in: "bytes" }>): boolean {
    const taken = Math.min(left, this.#kept.length);
    if (acts && taken > 0) this.#acts = true;
    this.#compare(this.#kept.subarray(0, taken));
    this.#drop(taken);
    if (taken < left) this.#place = { in: "bytes", left: left - taken, acts, next };
    else if (next === "end") this.#ended();
    else this.#place = { in: next };
    return true;
  }

  #compare(bytes: Buffer): void {
    if (this.#put === undefined) return;
    this.#put.hash.update(bytes);
    this.#put.bytes += bytes.length;
    if (this.#put.bytes > MOST_COMPARED) this.#acts = true;
  }

  #chunkLine(): boolean {
    const end = this.#kept.indexOf("\r\n");
    if (end === -1) return this.#kept.length > LONGEST_CHUNK_LINE && this.#unknown();
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(this.#kept.toString("latin1", 0, end))?.[1];
    if (size === undefined) return this.#unknown();
    this.#drop(end + 2);
    const left = Number.parseInt(size, 16);
    this.#place = left === 0 ? { in: "trailer" } : { in: "bytes", left: left + 2, acts: this.#put === undefined, next: "chunk line" };
    return true;
  }

  #trailer(): boolean {
    const end = this.#kept.indexOf("\r\n");
    if (end === -1) return this.#kept.length > LONGEST_HEAD && this.#unknown();
    this.#drop(end + 2);
    return end === 0 ? this.#ended() : true;
  }

  /** Frames of a client are masked; where the upgrade was refused, the next request begins with two letters. */
  #upgraded(): boolean {
    const second = this.#kept[1];
    if (second === undefined) return false;
    this.#place = { in: (second & FRAME.mask) === 0 ? "head" : "frame head" };
    return true;
  }

  #frameHead(): boolean {
    const [first, second] = this.#kept;
    if (first === undefined || second === undefined) return false;
    if ((second & FRAME.mask) === 0) return this.#unknown();
    const short = second & FRAME.length;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const head = 2 + extended + 4;
    if (this.#kept.length < head) return false;
    const length = extended === 0 ? short : extended === 2 ? this.#kept.readUInt16BE(2) : Number(this.#kept.readBigUInt64BE(2));
    const acts = (first & FRAME.opcode) < FRAME.firstControl && length > HEARTBEAT;
    if (acts) this.#acts = true;
    this.#drop(head);
    this.#place = length === 0 ? { in: "frame head" } : { in: "bytes", left: length, acts, next: "frame head" };
    return true;
  }

  #unknown(): boolean {
    this.#place = { in: "unknown" };
    return true;
  }

  #drop(count: number): true {
    this.#kept = this.#kept.subarray(count);
    return true;
  }
}

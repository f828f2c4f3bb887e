import type { IncomingMessage, ServerResponse } from "node:http";
import type { Stored, StoredAnswers } from "./stored-answers.ts";

export interface CachedMirrors {
  readonly store: StoredAnswers;
  /** Address of the cache, as builds reach it. */
  readonly own: string;
  readonly pipIndex: string;
  readonly npmRegistry: string;
}

/** Where a request goes, and how its answer leads on to this cache. */
interface Way {
  readonly url: string;
  readonly isImmutable: boolean;
  readonly accept: string;
  readonly lead?: (body: string) => string;
}

/** Files of a version: packages of apt by their pool, wheels, archives, and what is named by its own hash. */
const IMMUTABLE = /\/pool\/|\/by-hash\/|\.(?:whl|tgz|tar\.gz|zip|metadata|deb)$/;
/** How long an answer need not be asked for again, as the public registries say of theirs: without a word on that uv asks for each again, every time. */
const LASTS = { immutable: "max-age=31536000, immutable", led: "max-age=300" } as const;
const FETCH = "/fetch/";
/** What uv prefers, and what alone says how large files are: of that Guise's layers are made. */
const PIP_JSON = "application/vnd.pypi.simple.v1+json";

/** Answers as the mirror did, or 502 where it fails and never answered before. */
export async function answerFrom(mirrors: CachedMirrors, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const way = wayOf(mirrors, request);
    const stored = await mirrors.store.get(way.url, way.accept, way.isImmutable);
    const isThere = stored.status === 200;
    const body = way.lead === undefined || !isThere ? stored.body : Buffer.from(way.lead(stored.body.toString("utf8")));
    send(response, { ...stored, body }, isThere ? lastsOf(way) : {});
  } catch (error) {
    response.writeHead(502, { "content-type": "text/plain" }).end(`the mirror does not answer: ${String(error)}\n`);
  }
}

function lastsOf({ isImmutable, lead }: Way): Readonly<Record<string, string>> {
  if (isImmutable) return { "cache-control": LASTS.immutable };
  // Lists of apt are told apart by apt itself.
  return lead === undefined ? {} : { "cache-control": LASTS.led };
}

function send(response: ServerResponse, { status, type, body }: Stored, more: Readonly<Record<string, string>>): void {
  response.writeHead(status, { "content-type": type, "content-length": body.length, ...more }).end(body);
}

function wayOf({ own, pipIndex, npmRegistry }: CachedMirrors, { url = "", headers }: IncomingMessage): Way {
  // As a proxy is asked, this cache's own addresses too.
  const path = url.startsWith(own) ? url.slice(own.length) : url;
  if (path.startsWith("/pip/simple/")) {
    const page = `${pipIndex.replace(/\/$/, "")}/${path.slice("/pip/simple/".length)}`;
    if (headers.accept?.includes(PIP_JSON) !== true) {
      return { url: page, isImmutable: false, accept: "text/html", lead: (body) => ledLinks(body, page, own) };
    }
    // A mirror that has no JSON answers in HTML all the same.
    const lead = (body: string) => (body.startsWith("{") ? ledFiles(body, page, own) : ledLinks(body, page, own));
    return { url: page, isImmutable: false, accept: `${PIP_JSON}, text/html;q=0.2`, lead };
  }
  if (path.startsWith("/npm/")) {
    const document = `${npmRegistry.replace(/\/$/, "")}/${path.slice("/npm/".length)}`;
    if (IMMUTABLE.test(path)) return { url: document, isImmutable: true, accept: "*/*" };
    const accept = headers.accept ?? "application/json";
    return { url: document, isImmutable: false, accept, lead: (body) => ledTarballs(body, own) };
  }
  const target = path.startsWith(FETCH) ? decodeURIComponent(path.slice(FETCH.length)) : path;
  return { url: target, isImmutable: IMMUTABLE.test(new URL(target).pathname), accept: "*/*" };
}

/** Links of a page of pip's index. What follows `#` is the file's hash, and stays; the file's name stays the last part. */
function ledLinks(page: string, base: string, own: string): string {
  return page.replace(
    /href="([^"#]+)/g,
    (_, link: string) => `href="${own}${FETCH}${led(new URL(link.replaceAll("&amp;", "&"), base).href)}`,
  );
}

function ledFiles(page: string, base: string, own: string): string {
  const document = JSON.parse(page) as { readonly files: readonly { readonly url: string }[] };
  return JSON.stringify({
    ...document,
    files: document.files.map((file) => ({ ...file, url: `${own}${FETCH}${led(new URL(file.url, base).href)}` })),
  });
}

function ledTarballs(document: string, own: string): string {
  return document.replace(/"tarball":"([^"]+)"/g, (_, link: string) => `"tarball":"${own}${FETCH}${led(link)}"`);
}

/** The address as one path, whose slashes stay: pip takes a file's name from the last part. */
function led(address: string): string {
  return address.split("/").map(encodeURIComponent).join("/");
}

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
const FETCH = "/fetch/";

/** Answers as the mirror did, or 502 where it fails and never answered before. */
export async function answerFrom(mirrors: CachedMirrors, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const way = wayOf(mirrors, request);
    const stored = await mirrors.store.get(way.url, way.accept, way.isImmutable);
    send(response, way.lead === undefined ? stored : { ...stored, body: Buffer.from(way.lead(stored.body.toString("utf8"))) });
  } catch (error) {
    response.writeHead(502, { "content-type": "text/plain" }).end(`the mirror does not answer: ${String(error)}\n`);
  }
}

function send(response: ServerResponse, { status, type, body }: Stored): void {
  response.writeHead(status, { "content-type": type, "content-length": body.length }).end(body);
}

function wayOf({ own, pipIndex, npmRegistry }: CachedMirrors, { url = "", headers }: IncomingMessage): Way {
  // As a proxy is asked, this cache's own addresses too.
  const path = url.startsWith(own) ? url.slice(own.length) : url;
  if (path.startsWith("/pip/simple/")) {
    const page = `${pipIndex.replace(/\/$/, "")}/${path.slice("/pip/simple/".length)}`;
    return { url: page, isImmutable: false, accept: "text/html", lead: (body) => ledLinks(body, page, own) };
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

function ledTarballs(document: string, own: string): string {
  return document.replace(/"tarball":"([^"]+)"/g, (_, link: string) => `"tarball":"${own}${FETCH}${led(link)}"`);
}

/** The address as one path, whose slashes stay: pip takes a file's name from the last part. */
function led(address: string): string {
  return address.split("/").map(encodeURIComponent).join("/");
}

import { onWake } from "../connection/on-wake.ts";

type Progress = (sent: number) => void;

/** Ms without a byte on its way, or without an answer: a connection that nobody cuts may be dead all the same, the more so after a sleep. */
const STANDSTILL = 60_000;
const STANDSTILL_WOKEN = 2_000;

const watched = new WeakMap<Blob, Progress>();

/** `fetch` does not tell how far an upload is; who wants to know says so for the content before it is sent. */
export function watchUpload(content: Blob, progress: Progress): void {
  watched.set(content, progress);
}

/** The platform's `fetch`, and for watched contents a request that tells how far it is. */
export const uploadFetch: typeof fetch = (input, init) => {
  const body = init?.body;
  const progress = body instanceof Blob ? watched.get(body) : undefined;
  if (progress === undefined || !(body instanceof Blob)) return fetch(input, init);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(init?.method ?? "PUT", String(input));
    for (const [name, value] of new Headers(init?.headers)) request.setRequestHeader(name, value);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moves = (within: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), within);
    };
    moves(STANDSTILL);
    const end = onWake(() => moves(STANDSTILL_WOKEN));
    request.upload.onprogress = ({ loaded }) => {
      moves(STANDSTILL);
      progress(loaded);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      end();
    };
    request.onload = () => resolve(new Response(request.status === 204 ? null : request.responseText, { status: request.status }));
    request.onerror = () => reject(new TypeError("the upload broke off"));
    // Stopped by its caller, which the SDK knows by the signal; else it stood still.
    request.onabort = () => reject(new TypeError("the upload was stopped"));
    init?.signal?.addEventListener("abort", () => request.abort(), { once: true });
    if (init?.signal?.aborted === true) request.abort();
    request.send(body);
  });
};

type Progress = (sent: number) => void;

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
    request.upload.onprogress = ({ loaded }) => progress(loaded);
    request.onload = () => resolve(new Response(request.status === 204 ? null : request.responseText, { status: request.status }));
    request.onerror = () => reject(new TypeError("the upload broke off"));
    request.onabort = () => reject(new DOMException("the upload was stopped", "AbortError"));
    init?.signal?.addEventListener("abort", () => request.abort(), { once: true });
    if (init?.signal?.aborted === true) request.abort();
    request.send(body);
  });
};

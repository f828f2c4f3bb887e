import { inBrowser, type LoadPartTools, loadPart } from "./load-part.ts";

/**
 * A thread of the page, once its program has come: it says something, whatever it is, as soon as it runs. A worker whose program the network
 * lost says nothing at all, ever. It is made again as `loadPart` says. Rejects as that does.
 */
export function loadWorker(make: () => Worker, tools: LoadPartTools = inBrowser): Promise<Worker> {
  return loadPart(
    () =>
      new Promise<Worker>((resolve, reject) => {
        const worker = make();
        worker.addEventListener("message", () => resolve(worker), { once: true });
        worker.addEventListener(
          "error",
          () => {
            worker.terminate();
            reject(new TypeError("the program of a worker did not come"));
          },
          { once: true },
        );
      }),
    tools,
  );
}

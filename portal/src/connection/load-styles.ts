import { loadPart } from "./load-part.ts";

/**
 * The document asks for its styles once. Where the network changed just then (any engine that starts on the machine changes it) they never come,
 * and the page works without looks; so they are asked for again.
 */
export function loadStylesAgain(): void {
  if (document.readyState === "complete") askAgain();
  // All of them have come by then, or will not.
  else window.addEventListener("load", askAgain, { once: true });
}

function askAgain(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    // What cannot be had although Guise answers belongs to an earlier version: a look at it is better than none.
    if (!isThere(link)) loadPart(() => loaded(link)).catch(() => {});
  }
}

/** Of styles that did not come there is a sheet all the same, and no rule of it can be read. */
function isThere({ sheet }: HTMLLinkElement): boolean {
  try {
    return (sheet?.cssRules.length ?? 0) > 0;
  } catch {
    return false;
  }
}

/** The same link once more, in its place. */
function loaded(link: HTMLLinkElement): Promise<void> {
  const again = document.createElement("link");
  again.rel = "stylesheet";
  again.crossOrigin = link.crossOrigin;
  return new Promise((resolve, reject) => {
    again.addEventListener("load", () => {
      link.remove();
      resolve();
    });
    again.addEventListener("error", () => {
      again.remove();
      reject(new TypeError("the styles did not come"));
    });
    again.href = link.href;
    link.after(again);
  });
}

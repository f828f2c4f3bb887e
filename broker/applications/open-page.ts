/** Paths of every application's origin that are Guise's own, and never reach the application. */
export const OWN_PATHS = "/.guise/";
export const OPEN_PATH = "/.guise/open";
export const OPEN_SCRIPT_PATH = "/.guise/open.js";
/** Sends on to the path in `to`. A page's fragment goes along; and what asks then is a page of this origin. */
export const GO_PATH = "/.guise/go";

/** What Guise's own pages at an application's origin may do: nothing but to ask for themselves. */
export function ownPageHeaders(portal: string): Readonly<Record<string, string>> {
  return {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ${portal}`,
  };
}

export interface OpenPage {
  readonly portal: string;
  /** Digest of the nonce that this browser got in a cookie. */
  readonly challenge: string;
  /** Where the application is found in the portal. */
  readonly workspace: string;
  /** This browser is signed in here; only the page that it comes from is another one. */
  readonly isSignedIn: boolean;
}

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto 0;max-width:30em;padding:0 1em;text-align:center}:root{color-scheme:light dark}";

/** The page in an application's place until this browser is signed in at its origin. */
export function openPage({ portal, challenge, workspace, isSignedIn }: OpenPage): string {
  const data = `data-portal="${portal}" data-challenge="${challenge}" data-workspace="${workspace}" data-signed-in="${isSignedIn}"`;
  return `<!doctype html>
<html lang="en" ${data}>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Guise</title>
<style>${STYLE}</style>
<p id="text" role="status">Opening …</p>
<p id="link" hidden><a rel="noreferrer">Open it in Guise</a></p>
<script type="module" src="${OPEN_SCRIPT_PATH}"></script>
</html>
`;
}

/** What stands in an application's place where it cannot be reached. `message` is text of ours. */
export function unreachedPage(message: string, link: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Guise</title>
<style>${STYLE}</style>
<p role="alert">${message}</p>
<p><a href="">Try again</a> · <a href="${link}" target="_blank" rel="noreferrer">Open it in Guise</a></p>
</html>
`;
}

/**
 * Asks the portal's page that holds this one, or opened it, for a ticket, and nobody else: both tell each other by origin. A page that was opened
 * forgets who opened it before the application's own page is there, which could send that one elsewhere. A browser that is set to keep no cookies of
 * other sites at all, not even apart, keeps no nonce: then a window of its own is the way.
 */
export const OPEN_SCRIPT = `const { portal, challenge, workspace, signedIn } = document.documentElement.dataset;
const text = document.getElementById("text");
const link = document.getElementById("link");
link.firstElementChild.href = portal + "/workspaces/" + workspace;
const keeper = window.parent === window ? window.opener : window.parent;
const go = (first) => {
  if (window.opener !== null) window.opener = null;
  const path = location.pathname === "${OPEN_PATH}" ? first : location.pathname + location.search;
  location.replace("${GO_PATH}?to=" + encodeURIComponent(path) + location.hash);
};
const stay = (why) => {
  text.textContent = why;
  link.hidden = window.parent !== window;
};
if (signedIn === "true") go("/");
else if (keeper === null) stay("This application opens from its workspace.");
else {
  addEventListener("message", async (event) => {
    if (event.origin !== portal || event.source !== keeper || event.data?.guise !== "ticket") return;
    const answer = await fetch("${OPEN_PATH}", { method: "POST", body: event.data.ticket }).catch(() => undefined);
    if (answer === undefined || !answer.ok) stay(window.parent === window ? "It could not be opened: reload the page." : "It could not be opened here: reload the page. Where your browser keeps nothing for it in this page, open it in a window of its own.");
    else go((await answer.json()).path);
  });
  keeper.postMessage({ guise: "application", challenge }, portal);
  setTimeout(() => stay("Still waiting for Guise. Open it from its workspace."), 15000);
}
`;

import type { IncomingMessage, ServerResponse } from "node:http";

export const OPEN_PATH = "/.guise/open";
export const OPEN_SCRIPT_PATH = "/.guise/open.js";
const LONGEST_TICKET = 200;

const SAFE: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
};

/** The ticket stays in the fragment: no request line, log or Referer ever holds it. */
const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Guise</title>
<p id="text">Opening.</p>
<script type="module" src="${OPEN_SCRIPT_PATH}"></script>
</html>
`;

const SCRIPT = `const ticket = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
const answer = await fetch("${OPEN_PATH}", { method: "POST", body: ticket }).catch(() => undefined);
if (answer !== undefined && answer.ok) location.replace((await answer.json()).path);
else document.getElementById("text").textContent = "This link was used, or is too old. Press Enter in the terminal for another.";
`;

export function sendOpenPage(response: ServerResponse): void {
  response.writeHead(200, { ...SAFE, "content-type": "text/html; charset=utf-8" }).end(PAGE);
}

export function sendOpenScript(response: ServerResponse): void {
  response.writeHead(200, { ...SAFE, "content-type": "text/javascript; charset=utf-8" }).end(SCRIPT);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { ...SAFE, "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

export function sendOpened(response: ServerResponse, cookie: string, path: string): void {
  const headers = { ...SAFE, "content-type": "application/json", "set-cookie": `${cookie}; Path=/; HttpOnly; SameSite=Strict` };
  response.writeHead(200, headers).end(JSON.stringify({ path }));
}

/** The posted ticket; undefined when the body is no ticket. */
export async function postedTicket(request: IncomingMessage): Promise<string | undefined> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) {
    text += piece;
    if (text.length > LONGEST_TICKET) return undefined;
  }
  return text;
}

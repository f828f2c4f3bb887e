import { createHash } from "node:crypto";
import { ERRORS } from "@guise/contract";
import type { OpenApiDocument, Operation } from "./openapi.ts";

/** The API as one page to read: no script, nothing from elsewhere. */
export function referencePage(document: OpenApiDocument): { html: string; contentSecurityPolicy: string } {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const sections = document.tags.map(({ name, description }) => tagSection(document, name, description));
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Guise API</title><style>${STYLE}</style></head><body>
<nav><strong>Guise API</strong>${document.tags.map(({ name }) => `<a href="#${escaped(name)}">${escaped(name)}</a>`).join("")}
<a href="#errors">errors</a><a href="#schemas">schemas</a><a href="/openapi.json">openapi.json</a></nav>
<main><h1>Guise API <small>${escaped(String(document.info.version))}</small></h1>
<p>Send <code>Authorization: Bearer …</code> with an access token from <code>POST /v1/token</code>. Times are RFC 3339, sizes bytes, cpu millicores, bandwidth bit/s, durations ms.
Errors are problem details (RFC 9457); their <code>code</code> is in the table below.</p>
${sections.join("\n")}
${errorSection()}
${schemaSection(document)}
</main></body></html>
`;
  return { html, contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'` };
}

function tagSection(document: OpenApiDocument, tag: string, description: string): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.tags.includes(tag) ? [operationArticle(method, path, operation)] : [],
    ),
  );
  return `<section id="${escaped(tag)}"><h2>${escaped(tag)}</h2><p>${escaped(description)}</p>${operations.join("\n")}</section>`;
}

function operationArticle(method: string, path: string, operation: Operation): string {
  const roles = operation["x-roles"];
  return `<article id="${escaped(operation.operationId)}">
<h3><b>${escaped(method.toUpperCase())}</b> <code>${escaped(path)}</code></h3>
<p>${escaped(operation.summary)}. ${escaped(operation.description ?? "")}</p>
<p class="fine">${roles.length === 0 ? "No token needed." : `For ${escaped(roles.join(", "))}.`}</p>
${parameterTable(operation)}${bodyLine(operation)}
<table><tr><th>answer</th><th>content</th></tr>${answerRows(operation)}</table>
<p class="fine">Errors: ${operation["x-errors"].map((code) => `<a href="#error-${code}">${code}</a>`).join(", ")}</p></article>`;
}

function parameterTable(operation: Operation): string {
  if (operation.parameters === undefined) return "";
  const rows = operation.parameters.map(
    ({ name, in: place, required, description }) =>
      `<tr><td><code>${escaped(name)}</code></td><td>${place}${required ? ", required" : ""}</td><td>${escaped(description ?? "")}</td></tr>`,
  );
  return `<table><tr><th>parameter</th><th>where</th><th>meaning</th></tr>${rows.join("")}</table>`;
}

function bodyLine({ requestBody }: Operation): string {
  return requestBody === undefined ? "" : `<p>Body: ${contentText(requestBody.content)}</p>`;
}

function answerRows(operation: Operation): string {
  return Object.entries(operation.responses)
    .filter(([status]) => Number(status) < 400)
    .map(
      ([status, { description, content }]) => `<tr><td>${status}</td><td>${escaped(description)} ${contentText(content ?? {})}</td></tr>`,
    )
    .join("");
}

function contentText(content: Readonly<Record<string, unknown>>): string {
  return Object.entries(content)
    .map(([type, form]) => {
      const name = /"#\/components\/schemas\/([^"]+)"/.exec(JSON.stringify(form))?.[1];
      return name === undefined ? `<code>${escaped(type)}</code>` : `<a href="#schema-${escaped(name)}">${escaped(name)}</a>`;
    })
    .join(" or ");
}

function errorSection(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, fault, retry, meaning, remedy }]) =>
      `<tr id="error-${code}"><td><code>${code}</code></td><td>${status}</td><td>${fault}</td><td>${retry}</td><td>${escaped(meaning)}</td><td>${escaped(remedy)}</td></tr>`,
  );
  return `<section id="errors"><h2>errors</h2><table><tr><th>code</th><th>status</th><th>fault</th><th>retry</th><th>meaning</th><th>remedy</th></tr>${rows.join("")}</table></section>`;
}

function schemaSection(document: OpenApiDocument): string {
  const parts = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escaped(name)}"><summary>${escaped(name)}</summary><pre>${escaped(JSON.stringify(schema, null, 2))}</pre></details>`,
  );
  return `<section id="schemas"><h2>schemas</h2>${parts.join("\n")}</section>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent)}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif;display:grid;grid-template-columns:13rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;padding:24px 16px;display:flex;flex-direction:column;gap:8px;border-right:1px solid var(--line)}
nav a{color:inherit;text-decoration:none}nav a:hover{text-decoration:underline}main{padding:24px 32px;max-width:64rem}
h1 small{font-weight:400;font-size:1rem}h2{margin-top:48px;border-bottom:1px solid var(--line)}h3{font-weight:400;font-size:1rem;margin:32px 0 4px}
article p{margin:4px 0}.fine{font-size:13px;opacity:.8}table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0}
th,td{text-align:left;vertical-align:top;padding:4px 8px;border-bottom:1px solid var(--line)}th{font-weight:600}
code,pre{font:13px/1.45 ui-monospace,monospace}pre{overflow:auto;padding:8px 12px;border:1px solid var(--line)}:target{outline:2px solid Highlight;outline-offset:4px}
@media(max-width:700px){body{display:block}nav{position:static;height:auto;flex-flow:row wrap}main{padding:16px}}`;

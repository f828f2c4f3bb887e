import { allRoutes, type OpenApiDocument, openApiDocument } from "#broker";
import { page, table } from "./markdown.ts";

type Operation = OpenApiDocument["paths"][string][string];

/** Every route by its tag: what a reader looks up before the machine-readable document. */
export function apiPage(version: string): string {
  const document = openApiDocument(allRoutes(version), version);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const sections = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return [`## ${name}`, description, ...own.map(({ path, method, operation }) => operationText(method, path, operation))].join("\n\n");
  });
  return page(
    "API",
    "REST under `/v1`, with `Authorization: Bearer …` of an access token from `POST /v1/token`. Times are RFC 3339, sizes bytes, cpu millicores, bandwidth bit/s, durations ms. Refusals are problem details (RFC 9457) with a code of [errors.md](errors.md); every route may also answer `misdirected`, `too_many_requests`, `invalid`, `internal` and `unavailable`. A running Guise serves the same as `/openapi.json` (OpenAPI 3.1, with every schema) and as a page at `/docs`. Generated from `broker/routes/`.",
    sections.join("\n\n"),
  );
}

/** Said once above instead of at each. */
const EVERYWHERE = new Set(["misdirected", "too_many_requests", "invalid", "internal", "unavailable"]);

function operationText(method: string, path: string, operation: Operation): string {
  const { summary, description, parameters, requestBody, responses } = operation;
  const roles = operation["x-roles"];
  const answers = Object.entries(responses).filter(([status]) => Number(status) < 400);
  const errors = operation["x-errors"].filter((code) => !EVERYWHERE.has(code));
  return [
    `### ${method} ${path}`,
    `${summary}.${description === undefined ? "" : ` ${description}`} ${roles.length === 0 ? "No token needed." : `For ${roles.join(", ")}.`}`,
    ...(parameters === undefined
      ? []
      : [
          table(
            ["parameter", "where", "meaning"],
            parameters.map((one) => [`\`${one.name}\``, `${one.in}${one.required ? ", required" : ""}`, one.description ?? ""]),
          ),
        ]),
    ...(requestBody === undefined ? [] : [`Body: ${contentText(requestBody.content)}.`]),
    answers.map(([status, answer]) => `${status}: ${answer.description} ${contentText(answer.content ?? {})}`.trim()).join("\n\n"),
    ...(errors.length === 0 ? [] : [`Errors: ${errors.map((code) => `\`${code}\``).join(", ")}.`]),
  ].join("\n\n");
}

function contentText(content: Readonly<Record<string, unknown>>): string {
  return Object.entries(content)
    .map(([type, form]) => /"#\/components\/schemas\/([^"]+)"/.exec(JSON.stringify(form))?.[1] ?? type)
    .map((name) => `\`${name}\``)
    .join(" or ");
}

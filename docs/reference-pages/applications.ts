import { loadCatalog } from "#applications";
import { page, table } from "./markdown.ts";

/** The catalog for authors: what can be required, and which settings each application has. */
export async function applicationsPage(folder: string): Promise<string> {
  const { entries } = await loadCatalog(folder);
  const sections = [...entries]
    .sort((a, b) => (a.application < b.application ? -1 : 1))
    .map(({ application, name, description, homepage, kind, packages, settings }) =>
      [
        `## ${application}`,
        `${name}: ${description} A ${kind} application, from ${Object.entries(packages)
          .map(([manager, names]) => `${manager} (${(names ?? []).map((one) => `\`${one}\``).join(", ")})`)
          .join(" and ")}. <${homepage}>`,
        ...(Object.keys(settings).length === 0
          ? []
          : [
              table(
                ["setting", "type", "meaning"],
                Object.entries(settings).map(([key, setting]) => [`\`${key}\``, typeOf(setting), meaningOf(setting)]),
              ),
            ]),
      ].join("\n\n"),
    );
  return page(
    "Applications",
    'What `required_applications` may name by id, and the settings of each under `application_configuration`. What is not here is named by its package: `"apt:gnumeric"`, `"pip:polars==1.9.0"`, `"pipx:httpie==3.*"`, `"npm:prettier@3.3.3"` ([which of them](../how-to/choose-packages.md)), and configured through `variables` and `files`. A setting is added once and the person\'s change stays, unless it says enforced: then it is set at every start. [What becomes of a file that its person has already](../how-to/configure-applications.md). Generated from `catalog/`.',
    sections.join("\n\n"),
  );
}

interface Setting {
  readonly type: string;
  readonly description: string;
  readonly enum?: readonly (string | number | boolean)[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly default?: unknown;
  readonly apply: string;
  readonly fields?: Readonly<Record<string, { readonly type: string; readonly required: boolean }>> | undefined;
}

function typeOf({ type, enum: allowed, minimum, maximum, fields }: Setting): string {
  if (allowed !== undefined)
    return allowed.length > 12 ? `${type}, one of ${allowed.length}` : allowed.map((value) => `\`${value}\``).join(", ");
  if (fields !== undefined)
    return `map of {${Object.entries(fields)
      .map(([name, field]) => `${name}${field.required ? "" : "?"}`)
      .join(", ")}}`;
  const range = [minimum === undefined ? "" : `from ${minimum}`, maximum === undefined ? "" : `to ${maximum}`]
    .filter((part) => part !== "")
    .join(" ");
  return range === "" ? type : `${type} ${range}`;
}

function meaningOf({ description, default: initial, apply }: Setting): string {
  return [
    description,
    ...(initial === undefined ? [] : [`Without it: \`${JSON.stringify(initial)}\`.`]),
    ...(apply === "enforced" ? ["Enforced."] : []),
  ].join(" ");
}

import { personaJsonSchema } from "@guise/contract";
import { page, table } from "./markdown.ts";

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/** Every member of a persona definition, from the schema that checks it. */
export function personaPage(): string {
  const rows = membersOf(personaJsonSchema() as Schema, "");
  return page(
    "The persona definition",
    "One JSON object. `personas/persona.schema.json` (served at `/schemas/persona.json`) lets editors complete and check it; `guise persona validate FILE` finds all that is wrong with one, also what no schema can say. A promise that this Guise does not keep is refused with `not_supported_here`. Text may refer to parameters and data sources. Generated from `contract/persona.ts`.",
    table(["member", "type", "meaning"], rows),
  );
}

function membersOf({ properties = {}, required = [] }: Schema, before: string): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${before}${name}`;
    return [
      [`\`${path}\`${required.includes(name) ? " (required)" : ""}`, typeOf(schema), schema.description ?? ""],
      ...below(schema, path),
    ];
  });
}

function below(schema: Schema, path: string): string[][] {
  if (schema.properties !== undefined) return membersOf(schema, `${path}.`);
  if (schema.items !== undefined) return below(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === "object") return below(schema.additionalProperties, `${path}.NAME`);
  return (schema.anyOf ?? []).flatMap((one) => below(one, path));
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  return [schema.type ?? "any"].flat().join(" or ");
}

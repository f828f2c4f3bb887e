import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "#foundation";
import { type Catalog, CatalogError, catalogOf } from "./catalog.ts";

/** Reads every `*.json` of the folder; `*.schema.json` are for editors. Rejects `CatalogError`, or Node's own error for an unreadable folder. */
export async function loadCatalog(folder: string): Promise<Catalog> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json")).sort();
  const documents = await Promise.all(
    files.map(async (file) => ({ file, document: parsed(file, await readFile(join(folder, file), "utf8")) })),
  );
  return catalogOf(documents);
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CatalogError("invalid_catalog", `${file}: ${messageOf(error)}`, { cause: error });
  }
}

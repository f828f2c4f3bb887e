import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "#foundation";
import { type Catalog, type CatalogDocument, CatalogError, catalogOf } from "./catalog.ts";
import { filesBeside } from "./catalog-entry.ts";

/** Reads every `*.json` of the folder; `*.schema.json` are for editors. Rejects `CatalogError`, or Node's own error for an unreadable folder. */
export async function loadCatalog(folder: string): Promise<Catalog> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json")).sort();
  return catalogOf(await Promise.all(files.map((file) => read(folder, file))));
}

async function read(folder: string, file: string): Promise<CatalogDocument> {
  const document = parsed(file, await readFile(join(folder, file), "utf8"));
  const texts = await Promise.all(filesBeside(document).map(async (from) => [from, await textOf(folder, file, from)] as const));
  return { file, document, texts: Object.fromEntries(texts) };
}

async function textOf(folder: string, file: string, from: string): Promise<string> {
  try {
    return await readFile(join(folder, from), "utf8");
  } catch (error) {
    throw new CatalogError("invalid_catalog", `${file}: ${from}: ${messageOf(error)}`, { cause: error });
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CatalogError("invalid_catalog", `${file}: ${messageOf(error)}`, { cause: error });
  }
}

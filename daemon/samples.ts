import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PersonaAgent } from "@guise/agent";
import type { VersionView } from "@guise/contract";
import { SAMPLE_GROUPS } from "./first-sign-in.ts";

/** Publishes the shipped personas, as their author would; the same document again gives the version that is there. */
export async function publishSamples(agent: PersonaAgent, folder: string): Promise<readonly VersionView[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json") && name !== "persona.schema.json");
  const published: VersionView[] = [];
  for (const name of names.sort()) {
    const document = await readFile(join(folder, name), "utf8");
    published.push(await agent.personas.publish(document, SAMPLE_GROUPS[name.replace(/\.json$/, "")] ?? "analytics"));
  }
  return published;
}

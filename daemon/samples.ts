import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PersonaAgent } from "@guise/agent";
import type { VersionView } from "@guise/contract";
import { SAMPLE_GROUPS } from "./first-sign-in.ts";

/** Publishes the shipped personas, as their author would; the same document again gives the version that is there. */
export async function publishSamples(agent: PersonaAgent, folder: string): Promise<readonly VersionView[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json") && name !== "persona.schema.json").sort();
  const samples = await Promise.all(names.map(async (name) => ({ name, document: await readFile(join(folder, name), "utf8") })));
  const published: VersionView[] = [];
  // The first one is built at once: the one with the fewest applications.
  for (const { name, document } of samples.sort((a, b) => applicationsOf(a.document) - applicationsOf(b.document)))
    published.push(await agent.personas.publish(document, SAMPLE_GROUPS[name.replace(/\.json$/, "")] ?? "analytics"));
  return published;
}

function applicationsOf(document: string): number {
  return (JSON.parse(document) as { required_applications: readonly unknown[] }).required_applications.length;
}

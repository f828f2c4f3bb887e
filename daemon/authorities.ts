import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ConfigurationError } from "./configuration.ts";

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const PLACE = "authorities (GUISE_AUTHORITIES)";

/** The certificates of a PEM file, one each; none without a file. Rejects `ConfigurationError` where it has none, or one that is no authority's. */
export async function readAuthorities(file: string): Promise<readonly string[]> {
  if (file === "") return [];
  const blocks = (await textOf(file)).match(BLOCK) ?? [];
  if (blocks.length === 0) throw new ConfigurationError(`${PLACE}: ${file} has no certificate in PEM form`);
  for (const [index, block] of blocks.entries()) {
    const which = blocks.length === 1 ? file : `certificate ${index + 1} of ${file}`;
    const certificate = parsed(block);
    if (certificate === undefined) throw new ConfigurationError(`${PLACE}: ${which} cannot be read`);
    if (!certificate.ca) throw new ConfigurationError(`${PLACE}: ${which} (${certificate.subject}) is not an authority's`);
  }
  return blocks.map((block) => `${block}\n`);
}

function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    throw new ConfigurationError(`${PLACE}: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function parsed(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

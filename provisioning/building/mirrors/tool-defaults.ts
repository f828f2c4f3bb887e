import { ProvisioningError } from "#provisioning";
import { askTool } from "./ask-tool.ts";

/** What pip and npm use when nothing is configured: they are asked themselves, so that no mirror's name is written down here. */
export interface PipDefaults {
  readonly index: string;
  /** Where the default index keeps its files; no configuration names it. */
  readonly files: string;
}

const ASK_PIP =
  "from pip._internal.models.index import PyPI as index; print(index.simple_url, 'https://' + index.file_storage_domain + '/')";

/** Rejects `mirror_unreachable` when this machine has no pip to ask. */
export async function pipDefaults(): Promise<PipDefaults> {
  const [index, files] = (await askTool("python3", ["-c", ASK_PIP])).trim().split(/\s+/);
  if (index === undefined || files === undefined || !URL.canParse(index)) throw unknown("pip", "python3-pip");
  return { index, files };
}

/** npm may lie in a person's own folder, so it is looked for where the product was started. Rejects `mirror_unreachable` when it does not say. */
export async function npmDefault(path: string | undefined): Promise<string> {
  const registry = (await askTool("npm", ["config", "get", "registry", "--location=global"], path)).trim();
  if (!URL.canParse(registry)) throw unknown("npm", "npm");
  return registry;
}

function unknown(tool: string, debianPackage: string): ProvisioningError {
  return new ProvisioningError(
    "mirror_unreachable",
    `this machine's ${tool} does not say where it gets packages. Type: apt-get install ${debianPackage}`,
  );
}

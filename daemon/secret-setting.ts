import { readFile } from "node:fs/promises";
import { messageOf } from "#foundation";
import { type Configuration, ConfigurationError } from "./configuration.ts";
import { SETTINGS, type SettingName } from "./settings.ts";

export type SecretSetting = "webhook_secret" | "mail_password" | "issuer_client_secret";

/** What a setting holds, or the file that it names by `file:` and a path. Rejects with ConfigurationError. */
export async function secretOf(configuration: Configuration, name: SecretSetting): Promise<string> {
  const text = configuration[name];
  if (!text.startsWith("file:")) return text;
  const content = await readFile(text.slice("file:".length), "utf8").catch((error: unknown) => {
    throw wrongSetting(name, messageOf(error));
  });
  return content.trim();
}

export function wrongSetting(name: SettingName, why: string): ConfigurationError {
  return new ConfigurationError(`${name} (${SETTINGS[name].variable}): ${why}`);
}

import type { LayerMakerName } from "@guise/contract";
import { ProvisioningError } from "#provisioning";
import { apt } from "./apt.ts";
import { display } from "./display.ts";
import type { LayerManager } from "./layer-manager.ts";
import { locale } from "./locale.ts";
import { node } from "./node.ts";
import { npm } from "./npm.ts";
import { pip } from "./pip.ts";
import { pipx } from "./pipx.ts";

/** What makes layers: package managers, and those for parts of the system; adding one is adding its file and its line. */
export const MANAGERS: Readonly<Record<LayerMakerName, LayerManager>> = { apt, pip, pipx, npm, node, locale, display };

/** The bare name of a package argument. Rejects `refused_by_policy` whatever is not a name with a version. */
export function packageName(manager: LayerMakerName, argument: string): string {
  const name = argument.length <= 200 ? MANAGERS[manager].packageName(argument) : undefined;
  if (name === undefined)
    throw new ProvisioningError(
      "refused_by_policy",
      `${manager} takes names with versions only, not ${JSON.stringify(argument.slice(0, 80))}`,
    );
  return name;
}

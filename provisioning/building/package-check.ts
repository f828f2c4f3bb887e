import { PACKAGE_MANAGERS } from "@guise/contract";
import { nearest } from "#foundation";
import { type ImageLayer, ProvisioningError } from "#provisioning";
import { reachableMirrors } from "./box/box-network.ts";
import { BUILD_FOLDER, buildVariables, layerFiles, phaseScript, setupScript } from "./box/build-files.ts";
import { keyRings } from "./box/key-rings.ts";
import { runInBox } from "./box/run-in-box.ts";
import type { BuildBox, BuildSite } from "./build-box.ts";
import { MANAGERS, packageName } from "./managers/index.ts";
import type { HostMirrors } from "./mirrors/host-mirrors.ts";
import { openMirrors } from "./mirrors/open-mirrors.ts";

export interface MissingPackage {
  readonly manager: ImageLayer["manager"];
  readonly argument: string;
  /** The nearest name that the mirrors have; apt alone knows all names. */
  readonly nearest: string | undefined;
}

export interface PackageCheck {
  readonly site: BuildSite;
  readonly mirrors: HostMirrors;
  /** Reference of the base image. */
  readonly base: string;
}

/**
 * Which of the named packages no mirror has: apt with versions and the nearest name, pip and npm by name. Asked in a build's
 * box, so that the mirrors are seen as a build sees them. Rejects `mirror_unreachable` when they do not answer.
 */
export async function checkPackages(check: PackageCheck, layers: readonly ImageLayer[], signal: AbortSignal): Promise<MissingPackage[]> {
  const mirrors = await openMirrors(check.mirrors.reach, check.mirrors.proxies);
  const box = await check.site.open(check.base, mirrors);
  try {
    await box.openMirrors();
    const missing: MissingPackage[] = [];
    for (const manager of PACKAGE_MANAGERS) {
      const packages = layers.filter((layer) => layer.manager === manager).flatMap((layer) => layer.packages);
      if (packages.length > 0) missing.push(...(await ask(check.mirrors, manager, packages, box, signal)));
    }
    if (missing.length > 0 && (await reachableMirrors(box, mirrors, signal)).length < mirrors.allow.length) {
      throw new ProvisioningError("mirror_unreachable", "a package mirror does not answer");
    }
    return missing;
  } finally {
    await box.remove();
  }
}

async function ask(
  mirrors: HostMirrors,
  manager: ImageLayer["manager"],
  packages: readonly string[],
  box: BuildBox,
  signal: AbortSignal,
): Promise<MissingPackage[]> {
  const layer = { application: manager, maker: manager, target: "/", packages, address: "" };
  const files = [...layerFiles(layer, mirrors, await keyRings(mirrors)), { name: "check", content: phaseScript(MANAGERS[manager].check) }];
  await runInBox(box, ["-s"], { input: setupScript(files, buildVariables(layer, mirrors)), failure: "the check could not begin", signal });
  const absent: string[] = [];
  const known: string[] = [];
  await runInBox(box, [`${BUILD_FOLDER}/check`], {
    failure: `the package lists of ${manager} could not be read:`,
    signal,
    onLine: (line) => {
      const [kind, name = ""] = line.split("\t");
      if (kind === "missing") absent.push(name);
      if (kind === "known") known.push(name);
      return kind === "known" ? "progress" : "words";
    },
  });
  return absent.map((argument) => ({ manager, argument, nearest: nearestName(packageName(manager, argument), known) }));
}

/** A name that is there although its version is not is its own nearest name. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  return known.includes(name) ? name : nearest(name, known);
}

import { PACKAGE_MANAGERS } from "@guise/contract";
import { nearest } from "#foundation";
import { type ImageLayer, ProvisioningError } from "#provisioning";
import type { GuardContext } from "../../guard.ts";
import { MANAGERS, packageName } from "../managers/index.ts";
import type { HostMirrors } from "../mirrors/host-mirrors.ts";
import { openMirrors } from "../mirrors/open-mirrors.ts";
import { BuildContainer } from "./build-container.ts";
import { BUILD_FOLDER, buildVariables, layerFiles, phaseScript, setupScript } from "./build-files.ts";
import { BuildNetwork } from "./build-network.ts";
import { keyRings } from "./key-rings.ts";

export interface MissingPackage {
  readonly manager: ImageLayer["manager"];
  readonly argument: string;
  /** The nearest name that the mirrors have; apt alone knows all names. */
  readonly nearest: string | undefined;
}

export interface PackageCheck {
  readonly context: GuardContext;
  readonly mirrors: HostMirrors;
  readonly own: readonly string[];
  /** The main base image. */
  readonly base: string;
}

/**
 * Which of the named packages no mirror has: apt with versions and the nearest name, pip and npm by name. Asked in a build's
 * pair, so that the mirrors are seen as a build sees them. Rejects `mirror_unreachable` when they do not answer.
 */
export async function checkPackages(check: PackageCheck, layers: readonly ImageLayer[], signal: AbortSignal): Promise<MissingPackage[]> {
  const mirrors = await openMirrors(check.mirrors.reach, check.mirrors.proxies);
  const network = await BuildNetwork.start(check.context, mirrors, check.own);
  try {
    const container = await BuildContainer.start(check.context, check.base, network.guard);
    try {
      await network.openMirrors();
      const missing: MissingPackage[] = [];
      for (const manager of PACKAGE_MANAGERS) {
        const packages = layers.filter((layer) => layer.manager === manager).flatMap((layer) => layer.packages);
        if (packages.length > 0) missing.push(...(await ask(check.mirrors, manager, packages, container, signal)));
      }
      if (missing.length > 0 && (await network.reachable(container, signal)).length < mirrors.allow.length) {
        throw new ProvisioningError("mirror_unreachable", "a package mirror does not answer");
      }
      return missing;
    } finally {
      await container.remove();
    }
  } finally {
    await network.end();
  }
}

async function ask(
  mirrors: HostMirrors,
  manager: ImageLayer["manager"],
  packages: readonly string[],
  container: BuildContainer,
  signal: AbortSignal,
): Promise<MissingPackage[]> {
  const layer = { application: manager, maker: manager, packages, address: "" };
  const files = [...layerFiles(layer, mirrors, await keyRings(mirrors)), { name: "check", content: phaseScript(MANAGERS[manager].check) }];
  await container.run(["-s"], { input: setupScript(files, buildVariables(layer, mirrors)), failure: "the check could not begin", signal });
  const absent: string[] = [];
  const known: string[] = [];
  await container.run([`${BUILD_FOLDER}/check`], {
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

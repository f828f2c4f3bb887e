import { createHash } from "node:crypto";
import type { PackageSource } from "@guise/contract";
import type { ImageLayer, ImagePlan } from "#provisioning";
import { DISPLAY } from "../managers/display.ts";
import { MANAGERS } from "../managers/index.ts";
import { node } from "../managers/node.ts";
import { allSourcesOf, sourceIdentity, sourcesOf } from "../mirrors/package-sources.ts";
import { type Lock, type LockedPackage, lockedIdentity } from "../python/lock.ts";
import { type PythonLayer, pythonLayers } from "../python/python-layers.ts";
import type { SourceWheel } from "../sources/source-wheel.ts";
import { TOOLCHAIN, workshopPackages } from "../sources/workshop.ts";

/** What a layer is made by: a package manager, what brings a part of the system, or the closing of the image. */
export type LayerMaker = ImageLayer["manager"] | "close";

export interface ChainLayer {
  readonly application: string;
  readonly maker: LayerMaker;
  readonly packages: readonly string[];
  /** Where its packages lie in the image. */
  readonly target: string;
  /** Packages whose install scripts may go on without what they asked for. */
  readonly accepts?: readonly string[] | undefined;
  /** Where its packages may come from beside the site's own mirrors. */
  readonly sources?: readonly PackageSource[];
  /** What it is fetched in where something opens the mirrors: layers of the site's own, without the packages of any persona. */
  readonly fetchedOn?: readonly ChainLayer[];
  /** Of what was resolved before: one file each, by its digest. */
  readonly lock?: Lock;
  /** Content address of everything up to and with this layer. */
  readonly address: string;
}

type Unaddressed = Omit<ChainLayer, "address">;

/** `isOwn`: of packages that a persona names itself. */
type PlannedLayer = ImageLayer & { readonly isOwn?: true };

/** Raised whenever layers are made in another way; every image is then built anew when it is refreshed or lost. */
const LAYERS_VERSION = 2;
/** Raised whenever wheels are built in another way. */
const WHEELS_VERSION = 1;

const PYTHON: Unaddressed = { application: "python", maker: "apt", target: "/", packages: ["python3", "python3-venv"] };
const WORKSHOP: Unaddressed = { application: "compilers", maker: "apt", target: "/", packages: TOOLCHAIN };
const NODE: Unaddressed = { application: "node", maker: "node", target: node.folder(""), packages: [] };
/** The identity files become links, which packages' scripts could not live with: nothing is installed after it. */
const CLOSE: Unaddressed = { application: "", maker: "close", target: "/", packages: [] };

/** The layer that has Python and nothing of a persona: what is resolved is resolved for it. */
export function pythonLayer({ packageEpoch }: Pick<ImagePlan, "packageEpoch">, base: string): ChainLayer {
  return addressed(base, packageEpoch, [PYTHON])[0] as ChainLayer;
}

/** Layers that no sandbox is made of: what sources are built on. */
export function workshopChain(plan: ImagePlan, base: string): ChainLayer[] {
  return addressed(base, plan.packageEpoch, workshopLayers(plan));
}

/** The same for npm packages with native parts. */
export function nodeWorkshopChain(plan: ImagePlan, base: string): ChainLayer[] {
  return addressed(base, plan.packageEpoch, [...workshopLayers(plan), nodeOf(plan)]);
}

/** Address of the wheel of a source that is built on `workshop`. */
export function wheelAddress(
  workshop: string,
  { name, version, source }: Pick<LockedPackage, "name" | "version" | "source">,
  sources: readonly PackageSource[],
): string {
  return hash([WHEELS_VERSION, workshop, name, version, source?.sha256, ...sourcesIdentity(sources)]);
}

/** What is carried into the layer's box before it is installed. */
export function wheelsOf({ lock = [] }: Pick<ChainLayer, "lock">): readonly SourceWheel[] {
  return lock.map(({ wheel }) => wheel).filter((wheel) => wheel !== undefined);
}

/** Address of the whole image: known without anything being resolved. `closing` is the digest of the files that the last layer carries. */
export function imageAddress(plan: ImagePlan, base: string, closing: string): string {
  return hash([
    LAYERS_VERSION,
    base,
    plan.packageEpoch,
    plan.layers.map(({ application, manager, packages, accepts }) => [
      application,
      manager,
      packages,
      ...(accepts === undefined ? [] : [accepts]),
    ]),
    closing,
    ...sourcesIdentity(allSourcesOf(plan)),
  ]);
}

/** Address of an image that stands on a closed one and carries newer files of Guise. */
export function reclosedAddress(reference: string, closing: string): string {
  return hash([LAYERS_VERSION, reference, closing]);
}

/**
 * All layers of a plan in order, the widely shared and heavy ones first: what is heavy of Python's environment; programs that stand alone; the display; the
 * distribution's packages, those of the catalog that are not small one layer each and all others in one; Node and its packages likewise; the rest of Python's
 * environment; a locale; and the closing one.
 */
export function layerChain(plan: ImagePlan, base: string, closing: string, lock: Lock): ChainLayer[] {
  const of = (manager: ImageLayer["manager"]) => plan.layers.filter((layer) => layer.manager === manager);
  const python = pythonLayers(lock, of("pip"));
  const layers: Unaddressed[] = [
    ...(usesPython(plan) ? [PYTHON] : []),
    ...python.filter(({ isShared }) => isShared).map((layer) => fromLock(layer, plan)),
    ...of("pipx").map((layer) => fromPlan(layer, sourcesOf(plan, "pip"))),
    ...of("display").map((layer) => fromPlan(layer, [])),
    ...gathered(of("apt"), "packages", sourcesOf(plan, "apt")).map((layer) => fromPlan(layer, sourcesOf(plan, "apt"))),
    ...(of("npm").length > 0 || of("node").length > 0 ? [nodeOf(plan)] : []),
    ...gathered(of("npm"), "npm packages", sourcesOf(plan, "npm")).map((layer) => fromPlan(layer, sourcesOf(plan, "npm"))),
    // One small package more or another is all that is built anew then.
    ...python.filter(({ isShared }) => !isShared).map((layer) => fromLock(layer, plan)),
    ...of("locale").map((layer) => fromPlan(layer, [])),
  ];
  const chain = addressed(base, plan.packageEpoch, layers).map((layer) => ({ ...layer, fetchedOn: fetchedOn(layer, plan, base) }));
  return [...chain, { ...CLOSE, address: imageAddress(plan, base, closing) }];
}

function fetchedOn({ maker }: ChainLayer, plan: ImagePlan, base: string): readonly ChainLayer[] {
  if (maker === "pip" || maker === "pipx") return [pythonLayer(plan, base)];
  return maker === "npm" ? addressed(base, plan.packageEpoch, [nodeOf(plan)]) : [];
}

function workshopLayers(plan: ImagePlan): Unaddressed[] {
  const packages = workshopPackages(plan);
  const headers = { application: "headers", maker: "apt", target: "/", packages, sources: sourcesOf(plan, "apt") } as const;
  return [PYTHON, WORKSHOP, ...(packages.length === 0 ? [] : [headers])];
}

/** The one that the persona chose, or else the newest. */
function nodeOf({ layers }: ImagePlan): Unaddressed {
  const chosen = layers.find(({ manager }) => manager === "node");
  return chosen === undefined ? NODE : { ...NODE, packages: chosen.packages };
}

function usesPython(plan: ImagePlan): boolean {
  return plan.layers.some(({ manager }) => manager === "pip" || manager === "pipx");
}

function fromLock({ application, packages: lock }: Pick<PythonLayer, "application" | "packages">, plan: ImagePlan): Unaddressed {
  const packages = lock.map(({ name, version }) => `${name}==${version}`);
  return { application, maker: "pip", target: MANAGERS.pip.folder(application), packages, lock, sources: sourcesOf(plan, "pip") };
}

/** `sources` are for what a persona names itself; what is gathered of that has no colon in its name any more. */
function fromPlan({ application, manager, packages, accepts, isOwn }: PlannedLayer, sources: readonly PackageSource[]): Unaddressed {
  const own = (isOwn ?? application.includes(":")) ? sources : [];
  return { application, maker: manager, target: MANAGERS[manager].folder(application), packages, accepts, sources: own };
}

/**
 * What is outside the catalog becomes one layer, and what is small of the catalog goes with it: sixty packages, each in a box of its own, would
 * take as many minutes. Where the persona's packages may come from elsewhere, the catalog's stay apart from them.
 */
function gathered(layers: readonly ImageLayer[], name: string, sources: readonly PackageSource[]): PlannedLayer[] {
  const own = layers.filter(isOutside);
  const small = layers.filter((layer) => layer.isSmall === true && !isOutside(layer));
  const single = layers.filter((layer) => layer.isSmall !== true && !isOutside(layer));
  if (sources.length === 0) return [...single, ...oneOf([...small, ...own], name, own.length > 0)];
  return [...single, ...oneOf(small, `small ${name}`, false), ...oneOf(own, name, true)];
}

function oneOf(layers: readonly ImageLayer[], application: string, isOwn: boolean): PlannedLayer[] {
  const [first, ...more] = layers;
  if (first === undefined) return [];
  if (more.length === 0 && !isOwn) return [first];
  return [{ ...first, application, ...(isOwn ? { isOwn } : {}), packages: layers.flatMap(({ packages }) => packages) }];
}

/** Of no entry of the catalog. */
export function isOutside({ application }: Pick<ImageLayer, "application">): boolean {
  return application.includes(":");
}

function addressed(base: string, packageEpoch: string, layers: readonly Unaddressed[]): ChainLayer[] {
  const parts = layers.map(identityOf);
  return layers.map((layer, index) => ({ ...layer, address: hash([...belowOf(base, packageEpoch), parts.slice(0, index + 1)]) }));
}

/** What every chain of this base and epoch stands on. */
export function belowOf(base: string, packageEpoch: string): readonly unknown[] {
  return [LAYERS_VERSION, base, packageEpoch];
}

/** What an image gets on top where programs were found in it that have windows. */
export function displayOn(parent: string): ChainLayer {
  return extendedFrom(parent, [{ application: "display", maker: "display", target: "/", packages: [DISPLAY] }])[0] as ChainLayer;
}

/** The same layers on what is there already. */
export function extendedFrom(address: string, layers: readonly Unaddressed[]): ChainLayer[] {
  const parts = layers.map(identityOf);
  return layers.map((layer, index) => ({ ...layer, address: hash(["on", address, parts.slice(0, index + 1)]) }));
}

function identityOf({ application, maker, packages, accepts, lock, sources = [] }: Unaddressed): unknown[] {
  return [
    application,
    maker,
    lock?.map(lockedIdentity) ?? packages,
    ...(accepts === undefined ? [] : [accepts]),
    // what is locked is these files, wherever they came from
    ...(lock === undefined ? sourcesIdentity(sources) : []),
  ];
}

/** Nothing where there are none: then everything is what it is everywhere. */
export function sourcesIdentity(sources: readonly PackageSource[]): unknown[] {
  return sources.length === 0 ? [] : [sources.map(sourceIdentity)];
}

function hash(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

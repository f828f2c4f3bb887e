import { createHash } from "node:crypto";
import type { ImageLayer, ImagePlan } from "#provisioning";
import { BUILDER_VERSION } from "../base/base-plan.ts";

/** What a layer is made by: a package manager, the Node runtime that npm applications share, or the closing of the image. */
export type LayerMaker = ImageLayer["manager"] | "node" | "close";

export interface ChainLayer {
  readonly application: string;
  readonly maker: LayerMaker;
  readonly packages: readonly string[];
  /** Content address of everything up to and with this layer; its tag on the engine. */
  readonly address: string;
}

const PYTHON = { application: "python", maker: "apt", packages: ["python3", "python3-venv"] } as const;
const NODE = { application: "node", maker: "node", packages: [] } as const;
/** The identity files become links, which packages' scripts could not live with: nothing is installed after it. */
const CLOSE = { application: "", maker: "close", packages: [] } as const;

/** All layers of a plan in order: runtimes that the managers need first, so that personas share them; then the applications'; then the closing one, which carries the files that `closing` is the digest of. */
export function layerChain(plan: ImagePlan, base: string, closing: string): ChainLayer[] {
  const uses = (manager: ImageLayer["manager"]) => plan.layers.some((layer) => layer.manager === manager);
  const layers = [
    ...(uses("pip") ? [PYTHON] : []),
    ...(uses("npm") ? [NODE] : []),
    ...plan.layers.map(({ application, manager, packages }) => ({ application, maker: manager, packages })),
    CLOSE,
  ];
  return layers.map((layer, index) => ({
    ...layer,
    address: address(base, plan, layers.slice(0, index + 1), layer.maker === "close" ? closing : ""),
  }));
}

/** The closing layer also says what the plan's own arguments brought, so the plan is part of its address with everything else. */
function address(base: string, plan: ImagePlan, layers: readonly Omit<ChainLayer, "address">[], closing: string): string {
  const parts = layers.map(({ application, maker, packages }) => [application, maker, packages]);
  return createHash("sha256")
    .update(JSON.stringify([BUILDER_VERSION, base, plan.packageEpoch, parts, closing]))
    .digest("hex");
}

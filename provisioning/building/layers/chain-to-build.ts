import type { ImagePlan } from "#provisioning";
import type { BuildSite, HoldAlso } from "../build-box.ts";
import { type Grown, unpackContents } from "../contents/image-contents.ts";
import { type Ground, groundOf, grownChain, partsOf } from "./growth.ts";
import { belowOf, type ChainLayer } from "./layer-chain.ts";
import type { ChainOrder, LayerWorks } from "./layer-works.ts";

/** What is built of a chain, on what, and what is kept of it. */
export interface ChainToBuild extends Pick<ChainOrder, "before"> {
  readonly chain: readonly ChainLayer[];
  /** Reference of what it stands on. */
  readonly ground: string;
  readonly grown: Grown;
}

export interface WantedChain {
  readonly plan: ImagePlan;
  readonly base: string;
  readonly chain: readonly ChainLayer[];
  /** Holds the layers that it finds, and those that are to be built. */
  readonly hold: HoldAlso;
}

/** An image that has more of the wanted parts than the chain's own layers that are there, and no other part, saves making them: only what is missing is put on its layers. */
export async function chainToBuild(site: BuildSite, works: LayerWorks, { plan, base, chain, hold }: WantedChain): Promise<ChainToBuild> {
  await hold(chain.map(({ address }) => address));
  const below = belowOf(base, plan.packageEpoch);
  const parts = partsOf(chain, below);
  const present = partsOf(chain.slice(0, await works.present(chain)), below);
  const plain = { chain, ground: base, grown: { parts, growths: 0 } };
  const found = groundOf(parts, await groundsOf(site));
  if (found === undefined || found.contents.grown.parts.length <= present.length) return plain;
  const grown = grownChain(chain, found);
  await hold([found.address, ...grown.map(({ address }) => address)]);
  // It may have been removed before it was held.
  const ground = await works.kept(found.address);
  if (ground === undefined) return plain;
  const growths = found.contents.grown.growths + 1;
  return { chain: grown, ground: ground.reference, grown: { parts, growths }, before: found.contents };
}

async function groundsOf(site: BuildSite): Promise<Ground[]> {
  const all = await Promise.all(
    (await site.closed()).map(async ({ comment, standsOn: address }) => ({ address, contents: await unpackContents(comment) })),
  );
  return all.flatMap(({ address, contents }) => {
    return contents?.grown === undefined ? [] : [{ address, contents: { ...contents, grown: contents.grown } }];
  });
}

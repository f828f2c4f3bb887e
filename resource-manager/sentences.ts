import {
  type Amounts,
  type Dimension,
  formatAmount,
  formatAmounts,
  formatBandwidth,
  formatBytes,
  formatCpu,
  listed,
} from "@guise/contract";
import type { Advice, Decision, NotResized, Shortage } from "./model.ts";
import { FURTHEST_TURN } from "./order.ts";

/** How people call a node; by default its id. */
export type NodeNames = (node: string) => string;

/** A decision or an advice in one sentence with its numbers, for the person who asked. */
export function sentenceOf(answer: Decision | Advice, names: NodeNames = (node) => node): string {
  switch (answer.kind) {
    case "admitted":
      return `starts on ${names(answer.node)} with ${formatAmounts(answer.amounts)}`;
    case "would_start":
      return `would start now on ${names(answer.node)}`;
    case "refused":
    case "never_fits":
      return impossible(answer);
    case "resized":
      return `has ${formatAmounts(answer.amounts)} on ${names(answer.node)} now`;
    case "not_resized":
      return notResized(answer, names);
    case "waits":
    case "would_wait":
      return `${obstacle(answer, names)}; ${ahead(answer)}`;
  }
}

function impossible({ short, largest }: { readonly short: readonly Shortage[]; readonly largest: Amounts }): string {
  if (short.length === 0) return "asks for the node that has its home, and that node is not there";
  const asked = short.map(({ dimension, needs }) => formatAmount(dimension, needs));
  const granted = short.map(({ dimension, has }) => (short.length === 1 ? bare(dimension, has) : formatAmount(dimension, has)));
  // Another node may have more of this and less of something else that is asked for.
  const together = short.some(({ dimension, has }) => largest[dimension] > has) ? " with the rest of the demand" : "";
  return `asks for ${listed(asked)}; the largest that one node could grant${together} is ${listed(granted)}`;
}

function notResized({ short, node }: NotResized, names: NodeNames): string {
  if (node === null) return "the node that it runs on is not there";
  if (short.length === 0) return `${names(node)} has the room, but it is held for workspaces that wait`;
  const needed = short.map(({ dimension, needs }) => formatAmount(dimension, needs));
  const free = short.map(({ dimension, has }) => (short.length === 1 ? bare(dimension, has) : formatAmount(dimension, has)));
  return `needs ${listed(needed)} more; ${names(node)} has ${listed(free)} free`;
}

type Waiting = Extract<Decision, { kind: "waits" }> | Extract<Advice, { kind: "would_wait" }>;

function obstacle({ short, node, reason }: Waiting, names: NodeNames): string {
  if (node === null) return "no node that could take it is there";
  if (reason === "waiting_in_line") return `${names(node)} has room, but it is held for a workspace that others passed often enough`;
  const needed = short.map(({ dimension, needs }) => formatAmount(dimension, needs));
  const free = short.map(({ dimension, has }) => (short.length === 1 ? bare(dimension, has) : formatAmount(dimension, has)));
  return `needs ${listed(needed)}; ${names(node)} has ${listed(free)} free`;
}

function ahead({ place, turn }: Waiting): string {
  if (place === 1) return "it is next in the queue";
  const others = place === 2 ? "1 workspace is ahead of you" : `${place - 1} workspaces are ahead of you`;
  if (turn === 0) return others;
  return `${others}; you have ${turn === FURTHEST_TURN ? `${turn} or more` : turn} before this one, and who has fewer comes first`;
}

const BARE: Readonly<Record<Dimension, (amount: number) => string>> = {
  cpu: formatCpu,
  ram: formatBytes,
  storage: formatBytes,
  ingress: formatBandwidth,
  egress: formatBandwidth,
};

/** The amount without the word of its dimension, where the sentence has said it already. */
function bare(dimension: Dimension, amount: number): string {
  return BARE[dimension](amount);
}

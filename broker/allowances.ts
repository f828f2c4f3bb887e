import { Refusal } from "@guise/contract";
import { allowanceOf, type PerPerson, type Principal } from "#access";
import { CodedError } from "#foundation";
import type { Allowance } from "#repository";

/** How many workspaces one person may have at once, and how many of them may wait. */
export interface Allowances {
  readonly held: PerPerson;
  readonly waiting: PerPerson;
}

/** `waits`: what is asked for would wait now. What starts at once is nobody's turn. */
export function allowanceFor({ held, waiting }: Allowances, { groups }: Principal, waits: boolean): Allowance {
  return { held: allowanceOf(held, groups), ...(waits ? { waiting: allowanceOf(waiting, groups) } : {}) };
}

/** The refusal of the store, with its numbers, as the person sees it. */
export function tooMany(error: unknown): Refusal | undefined {
  if (!(error instanceof CodedError) || error.code !== "too_many") return undefined;
  const { limit, most, present } = error.detail;
  const message =
    limit === "waiting"
      ? `${present} of your workspaces wait already, and ${most} is the most that one person may have waiting here. Ask again when one of them has started.`
      : `You have ${present} workspaces, and ${most} is the most that one person may have here; suspended ones count. Give one back first.`;
  return new Refusal("too_many_workspaces", message, { facts: { limit, most, present }, cause: error });
}

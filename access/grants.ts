import { isLentTo, type Lending } from "@guise/contract";

/** Nobody lends what he does not hold: whether the personas of this group may name the source. */
export function mayReference({ referenced_by: lent }: Pick<Lending, "referenced_by">, ownerGroup: string): boolean {
  return isLentTo(lent, [ownerGroup]);
}

/** Whether who is in these groups may be given the source. */
export function mayReceive({ received_by: lent }: Pick<Lending, "received_by">, groups: readonly string[]): boolean {
  return isLentTo(lent, groups);
}

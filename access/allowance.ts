/** How many of something each person may have at once; `Infinity`: as many as there is room for. */
export interface PerPerson {
  readonly usual: number;
  /** Of those in a group that is named. */
  readonly groups: Readonly<Record<string, number>>;
}

/** The largest that one of the person's groups allows; a group that is not named allows what is usual. */
export function allowanceOf({ usual, groups }: PerPerson, mine: readonly string[]): number {
  if (mine.length === 0) return usual;
  return Math.max(...mine.map((group) => (Object.hasOwn(groups, group) ? (groups[group] ?? usual) : usual)));
}

/** "20", or "20,interns=3,batch=none": what is usual, then groups; or what is wrong with it. Pure. */
export function perPersonOf(text: string): PerPerson | string {
  const [first = "", ...others] = text.split(",").map((part) => part.trim());
  const usual = countOf(first);
  if (usual === undefined) return `"${first}" is not a whole number from 1, or none`;
  const groups: Record<string, number> = Object.create(null);
  for (const pair of others) {
    const at = pair.lastIndexOf("=");
    const count = countOf(pair.slice(at + 1));
    if (at < 1 || count === undefined) return `"${pair}" is not group=number, where the number is whole and from 1, or none`;
    groups[pair.slice(0, at)] = count;
  }
  return { usual, groups };
}

function countOf(text: string): number | undefined {
  if (text === "none") return Number.POSITIVE_INFINITY;
  return /^[1-9][0-9]{0,6}$/.test(text) ? Number(text) : undefined;
}

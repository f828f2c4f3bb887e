import type { CatalogApplication, CatalogView, FoundPackage } from "@guise/contract";

export interface Found {
  /** As it stands in `required_applications`. */
  readonly text: string;
  readonly name: string;
  readonly about: string;
}

/** The most that is shown of each kind. */
const MOST = 8;

/**
 * What a search shows: of the catalog, the best first, then packages that the lists have, then the text itself as a package of the registries
 * that cannot be searched; whether they have it is known when the draft is checked. Pure.
 */
export function foundIn(text: string, { applications }: CatalogView, packages: readonly FoundPackage[]): readonly Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const ranked = applications
    .map((application) => ({ application, rank: rankOf(application, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || (a.application.name < b.application.name ? -1 : 1))
    .slice(0, MOST);
  return [
    ...ranked.map(({ application: { application, name, description } }) => ({ text: application, name, about: description })),
    ...packages.map(({ manager, name, summary }) => ({ text: `${manager}:${name}`, name: `${manager}:${name}`, about: summary })),
    ...asPackages(text.trim()),
  ];
}

/** How well it fits: each word must be somewhere; its name counts for more than what is said of it. */
function rankOf({ application, name, description, packages }: CatalogApplication, words: readonly string[]): number {
  const named = [application, name.toLowerCase(), ...Object.values(packages).flat()];
  let rank = 0;
  for (const word of words) {
    if (named.some((one) => one === word)) rank += 8;
    else if (named.some((one) => one.startsWith(word))) rank += 5;
    else if (named.some((one) => one.includes(word))) rank += 3;
    else if (description.toLowerCase().includes(word)) rank += 1;
    else return 0;
  }
  return rank;
}

const REGISTRIES = [
  { manager: "pip", about: "A Python package, together with the others of the persona." },
  { manager: "pipx", about: "A Python program that stands alone." },
  { manager: "npm", about: "A Node package." },
] as const;

function asPackages(text: string): readonly Found[] {
  const prefixed = /^(apt|pip|pipx|npm):\S+$/.test(text);
  if (prefixed) return [{ text, name: text, about: "As it is written." }];
  if (!/^@?[A-Za-z0-9][A-Za-z0-9._/+-]*(?:[=<>~!@]\S*)?$/.test(text)) return [];
  return REGISTRIES.map(({ manager, about }) => ({ text: `${manager}:${text}`, name: `${manager}:${text}`, about }));
}

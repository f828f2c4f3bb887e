/** What a list of packages says of one. */
export interface ListedPackage {
  readonly name: string;
  readonly summary: string;
}

/** The most that a search gives. */
const MOST = 20;

/**
 * The packages that a text may mean, the best first: each word must be in the name or in what is said of it; a whole name counts most, then
 * how a name begins, then how short it is. Pure.
 */
export function packagesLike(text: string, packages: Iterable<ListedPackage>): readonly ListedPackage[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const best = new Map<string, { readonly one: ListedPackage; readonly rank: number }>();
  for (const one of packages) {
    const rank = rankOf(one, words);
    if (rank > 0 && rank > (best.get(one.name)?.rank ?? 0)) best.set(one.name, { one, rank });
  }
  return [...best.values()]
    .sort((a, b) => b.rank - a.rank || a.one.name.length - b.one.name.length || (a.one.name < b.one.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ one }) => one);
}

function rankOf({ name, summary }: ListedPackage, words: readonly string[]): number {
  let rank = 0;
  let said: string | undefined;
  for (const word of words) {
    if (name === word) rank += 100;
    else if (name.startsWith(word)) rank += 20;
    else if (name.includes(word)) rank += 10;
    else {
      said ??= summary.toLowerCase();
      if (!said.includes(word)) return 0;
      rank += said.split(/[^a-z0-9+#]/).includes(word) ? 4 : 1;
    }
  }
  // Programs are looked for far more often than what they are built of.
  return PARTS.test(name) ? rank / 4 : rank;
}

const PARTS = /^(lib|golang-|ruby-|node-|haskell-|r-cran-|python3?-|rust-|fonts-|gir1)|-(dev|dbg|dbgsym|docs?|common|data)$|-l10n-/;

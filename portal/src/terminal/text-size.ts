/** Pixels of a terminal's letters. */
export const USUAL_SIZE = 14;
export const LEAST_SIZE = 8;
export const MOST_SIZE = 32;
/** Of this browser: whoever wants larger letters wants them in every terminal, also tomorrow. */
const KEY = "guise-terminal-text-size";

export type SizeAct = "larger" | "smaller" | "usual";

export function sizeAfter(size: number, act: SizeAct): number {
  if (act === "usual") return USUAL_SIZE;
  return Math.min(MOST_SIZE, Math.max(LEAST_SIZE, size + (act === "larger" ? 1 : -1)));
}

/** What was kept, where it is a size; somebody may have written there what they liked. */
export function sizeOf(kept: string | null): number {
  const size = Number(kept ?? USUAL_SIZE);
  return Number.isInteger(size) && size >= LEAST_SIZE && size <= MOST_SIZE ? size : USUAL_SIZE;
}

const listeners = new Set<() => void>();

export function textSize(): number {
  return sizeOf(localStorage.getItem(KEY));
}

export function changeTextSize(act: SizeAct): void {
  localStorage.setItem(KEY, String(sizeAfter(textSize(), act)));
  for (const told of listeners) told();
}

/** Tells of changes, also of those in other tabs of the browser. Returns what ends it. */
export function onTextSize(told: () => void): () => void {
  listeners.add(told);
  addEventListener("storage", told);
  return () => {
    listeners.delete(told);
    removeEventListener("storage", told);
  };
}

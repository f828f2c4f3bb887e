import { useEffect, useRef, useState } from "react";
import { keepSplit, splitOf } from "./kept-split.ts";
import { TABS } from "./pane.tsx";
import type { Shown, Side, Split } from "./split-view.ts";

interface ShownParts {
  readonly workspace: string;
  /** The tab of the page's address. */
  readonly first: string;
  /** What can be shown. */
  readonly tabs: ReadonlySet<string>;
  goTo(first: string): void;
}

/** What a workspace's page shows: its address says the first tab, this browser remembers what is beside it. */
export function useShown({ workspace, first, tabs, goTo }: ShownParts) {
  const [kept, setKept] = useState(() => splitOf(workspace));
  const [side, setSide] = useState<Side>("first");
  const split = kept !== undefined && kept.second !== first && tabs.has(kept.second) ? kept : undefined;
  const shown: Shown = { first, split, side: split === undefined ? "first" : side };
  const keep = (next: Split | undefined) => {
    setKept(next);
    keepSplit(workspace, next);
  };
  const change = (next: Shown) => {
    if (next.split !== split) keep(next.split);
    setSide(next.side);
    if (next.first !== first) goTo(next.first);
  };
  const enter = (tab: string) => setSide(split?.second === tab ? "second" : "first");
  useEnteredFrames(enter);
  return { shown, change, enter, move: (share: number) => split !== undefined && keep({ ...split, share }) };
}

/** That somebody went into a frame is told to nobody but by this: the page has lost the keyboard to it. */
function useEnteredFrames(enter: (tab: string) => void): void {
  const entering = useRef(enter);
  useEffect(() => {
    entering.current = enter;
  });
  useEffect(() => {
    const blurred = () => {
      const panel = document.activeElement?.closest('[role="tabpanel"]');
      if (panel?.id.startsWith(`${TABS}-panel-`) === true) entering.current(panel.id.slice(`${TABS}-panel-`.length));
    };
    addEventListener("blur", blurred);
    return () => removeEventListener("blur", blurred);
  }, []);
}

/** Gives the keyboard back from what fills a tab: to the tab, or, on the whole screen where no tab is seen, to what leaves it. */
export function leavePanel(inside: Element): void {
  const panel = inside.closest<HTMLElement>('[role="tabpanel"]');
  if (panel === null) return;
  const wayOut = panel.dataset.whole === undefined ? null : panel.querySelector<HTMLElement>("[data-way-out]");
  const tab = document.getElementById(panel.getAttribute("aria-labelledby") ?? "");
  (wayOut ?? tab)?.focus();
}

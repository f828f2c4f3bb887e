import { useEffect } from "react";

/** How the browser's own tab stands out among others. */
export type TabMark = "waiting" | "warning";

const ICONS: Readonly<Record<TabMark | "none", string>> = {
  none: "/icon.svg",
  waiting: "/icon-waiting.svg",
  warning: "/icon-warning.svg",
};

/** "⚠ Data Analyst: its home is full · Guise": what tells it from others first, for a tab shows little. */
export function tabTitle(title: string, mark?: TabMark, said?: string): string {
  const words = said === undefined ? title : `${title}: ${said.charAt(0).toLowerCase()}${said.slice(1)}`;
  return `${mark === "warning" ? "⚠ " : ""}${words} · Guise`;
}

/** The tab's title, which screen readers say on arriving, and its picture. */
export function usePageTitle(title: string, mark?: TabMark, said?: string): void {
  useEffect(() => {
    document.title = tabTitle(title, mark, said);
    document.querySelector('link[rel="icon"]')?.setAttribute("href", ICONS[mark ?? "none"]);
  }, [title, mark, said]);
}

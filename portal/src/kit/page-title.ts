import { useEffect } from "react";

/** The tab's title, which screen readers say on arriving. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Guise`;
  }, [title]);
}

/** Where a link in a terminal leads, written out; undefined where that is no page of the web, and the link leads nowhere. */
export function linkAddress(written: string): string | undefined {
  if (!URL.canParse(written)) return undefined;
  const { protocol, href } = new URL(written);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}

/** In a tab of its own, which learns nothing of this page. */
export function openLink(written: string): void {
  const address = linkAddress(written);
  if (address !== undefined) window.open(address, "_blank", "noopener,noreferrer");
}

/** Of this tab alone, also after it is loaded anew. */
const KEY = "guise-asked-here";

function asked(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** Its person asked for the workspace by a click: what its persona opens is opened when it is ready. */
export function noteAsked(workspace: string): void {
  sessionStorage.setItem(KEY, JSON.stringify([...asked(), workspace].slice(-20)));
}

/** Whether it was asked for here; once. */
export function takeAsked(workspace: string): boolean {
  const ids = asked();
  if (!ids.includes(workspace)) return false;
  sessionStorage.setItem(KEY, JSON.stringify(ids.filter((id) => id !== workspace)));
  return true;
}

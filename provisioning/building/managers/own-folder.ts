/** A folder of an application's own below `parent`: its id, made safe for a path. */
export function ownFolder(parent: string, application: string): string {
  const name = application.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[.-]+/, "");
  return `${parent}/${name === "" ? "application" : name}`;
}

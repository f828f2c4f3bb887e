/** A label of a host name has at most so many characters (RFC 1035). */
const LONGEST_LABEL = 63;

/** The first label of an application's host: its own origin, so that applications cannot touch each other's pages. */
export function applicationLabel(application: string, workspace_id: string): string {
  const name = (application.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-");
  return `${name.slice(0, LONGEST_LABEL - 2 - workspace_id.length).replace(/-$/, "")}--${workspace_id}`;
}

/** What stands for a port of the person's own in the place of an application. */
export function portApplication(port: number): string {
  return `port-${port}`;
}

/** The port that an application's label stands for. */
export function portOfLabel(label: string): number | undefined {
  const [, port] = /^port-([1-9]\d{0,4})--/.exec(label) ?? [];
  return port === undefined || Number(port) > 65_535 ? undefined : Number(port);
}

/** Of the origins of a pattern such as `https://*.apps.example.net` the one of an application. */
export function applicationOrigin(pattern: string, application: string, workspace_id: string): string {
  return pattern.replace("*", applicationLabel(application, workspace_id));
}

/** The workspace that a host's first label names; undefined for what is no application's. */
export function workspaceOfLabel(label: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label) ? /--(w-[a-z0-9]+)$/.exec(label)?.[1] : undefined;
}

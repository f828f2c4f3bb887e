/** Labels by which Guise finds its own objects again. Nothing secret: labels appear in engine events. */
export const LABELS = {
  installation: "guise.installation",
  run: "guise.run",
  role: "guise.role",
  workspace: "guise.workspace",
  generation: "guise.generation",
  home: "guise.home",
} as const;

/** `guard` and `main` are the pair of a workspace, `build-guard` and `build` that of a build; `volume` is a mount of one start. */
export const ROLES = ["guard", "main", "build-guard", "build", "volume"] as const;
export type ObjectRole = (typeof ROLES)[number];

/** Of the network of an installation on a foreign engine. It is nobody's workspace's, so it is never swept. */
export const NETWORK_ROLE = "network";

export interface Ownership {
  readonly run: string | undefined;
  readonly role: ObjectRole;
  /** Undefined on what is pooled or serves a build. */
  readonly workspace: string | undefined;
  readonly generation: number | undefined;
  /** Of a main container: the home that it has mounted. */
  readonly home: string | undefined;
}

/** Labels of a new object. Each role is written anew: a commit hands a container's labels on to the image's containers. */
export function ownershipLabels(
  owner: { readonly installation: string; readonly run: string },
  role: ObjectRole,
  sandbox?: { readonly workspace: string; readonly generation: number; readonly home?: string },
): Record<string, string> {
  return {
    [LABELS.installation]: owner.installation,
    [LABELS.run]: owner.run,
    [LABELS.role]: role,
    ...(sandbox === undefined ? {} : { [LABELS.workspace]: sandbox.workspace, [LABELS.generation]: String(sandbox.generation) }),
    ...(sandbox?.home === undefined ? {} : { [LABELS.home]: sandbox.home }),
  };
}

/** Whose an object is, or undefined when it is not this installation's. */
export function readOwnership(installation: string, labels: Readonly<Record<string, string>> | null | undefined): Ownership | undefined {
  const role = ROLES.find((known) => known === labels?.[LABELS.role]);
  if (labels?.[LABELS.installation] !== installation || role === undefined) return undefined;
  const generation = labels[LABELS.generation];
  return {
    run: labels[LABELS.run],
    role,
    workspace: labels[LABELS.workspace],
    generation: generation === undefined ? undefined : Number(generation),
    // Before homes had names of their own, a home was named after its workspace.
    home: labels[LABELS.home] ?? (role === "main" ? labels[LABELS.workspace] : undefined),
  };
}

/** What narrows a listing: one workspace or generation, or who has a home. */
export type Narrowed = { readonly workspace: string; readonly generation?: number } | { readonly home: string };

/** Engine filter for this installation's objects, narrowed where told. */
export function ownershipFilter(installation: string, narrowed?: Narrowed): string[] {
  const filter = [`${LABELS.installation}=${installation}`];
  if (narrowed === undefined) return filter;
  if ("home" in narrowed) return [...filter, `${LABELS.home}=${narrowed.home}`];
  filter.push(`${LABELS.workspace}=${narrowed.workspace}`);
  if (narrowed.generation !== undefined) filter.push(`${LABELS.generation}=${narrowed.generation}`);
  return filter;
}

/** Labels by which Guise finds its own objects again. Nothing secret: labels appear in engine events. */
export const LABELS = {
  installation: "guise.installation",
  run: "guise.run",
  role: "guise.role",
  workspace: "guise.workspace",
  generation: "guise.generation",
} as const;

/** `guard` and `main` are the pair of a workspace, `build-guard` and `build` that of a build; `volume` is a mount of one start. */
export const ROLES = ["guard", "main", "build-guard", "build", "volume"] as const;
export type ObjectRole = (typeof ROLES)[number];

export interface Ownership {
  readonly run: string | undefined;
  readonly role: ObjectRole;
  /** Undefined on what is pooled or serves a build. */
  readonly workspace: string | undefined;
  readonly generation: number | undefined;
}

/** Labels of a new object. Each role is written anew: a commit hands a container's labels on to the image's containers. */
export function ownershipLabels(
  owner: { readonly installation: string; readonly run: string },
  role: ObjectRole,
  sandbox?: { readonly workspace: string; readonly generation: number },
): Record<string, string> {
  return {
    [LABELS.installation]: owner.installation,
    [LABELS.run]: owner.run,
    [LABELS.role]: role,
    ...(sandbox === undefined ? {} : { [LABELS.workspace]: sandbox.workspace, [LABELS.generation]: String(sandbox.generation) }),
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
  };
}

/** Engine filter for this installation's objects, narrowed to one sandbox where given. */
export function ownershipFilter(installation: string, sandbox?: { readonly workspace: string; readonly generation?: number }): string[] {
  const filter = [`${LABELS.installation}=${installation}`];
  if (sandbox !== undefined) filter.push(`${LABELS.workspace}=${sandbox.workspace}`);
  if (sandbox?.generation !== undefined) filter.push(`${LABELS.generation}=${sandbox.generation}`);
  return filter;
}

import type { Problem } from "@guise/contract";

/** The first text of a body that is no text: half of a surrogate pair, which the database or a sandbox would be given as another character. */
export function illFormedIn(body: unknown): Problem | undefined {
  const open: { readonly path: string; readonly value: unknown }[] = [{ path: "$", value: body }];
  // not by recursion: a body may be nested as deep as its size allows
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, value } = next;
    if (typeof value === "string" && !value.isWellFormed())
      return { path, code: "wrong_value", message: "has half of a surrogate pair, which is no character" };
    if (typeof value !== "object" || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      if (!name.isWellFormed())
        return { path, code: "wrong_value", message: "has a name with half of a surrogate pair, which is no character" };
      open.push({ path: Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`, value: member });
    }
  }
  return undefined;
}

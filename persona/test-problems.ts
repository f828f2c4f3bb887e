import type { CheckContext } from "./checking.ts";
import { mergePatch } from "./merge-patch.ts";
import { LEAST } from "./test-context.ts";
import { validatePersona } from "./validate-persona.ts";

/** Overlays keep their nulls: they are patches themselves. */
export function withChange(change: unknown): unknown {
  const { environments, ...rest } = change as { environments?: unknown };
  const document = mergePatch(LEAST, rest) as Record<string, unknown>;
  return environments === undefined ? document : { ...document, environments };
}

/** Problems of the least persona with a change: code, path and suggestion. */
export function problemsWith(change: unknown, context: CheckContext): string[] {
  const { problems } = validatePersona(withChange(change), context);
  return (problems ?? []).map(({ code, path, suggestion }) =>
    suggestion === undefined ? `${code} ${path}` : `${code} ${path} → ${suggestion}`,
  );
}

import type { DraftForm } from "./draft-form.ts";
import { type DraftPath, textsIn } from "./draft-text.ts";

const PATH = ["launch"];

/** Whether an application opens by itself when a workspace is ready. */
export function opensByItself(form: DraftForm, application: string): boolean {
  return textsIn(form.own(PATH)).includes(application);
}

/** The change that has an application open by itself, or not any more. */
export function openingChange(form: DraftForm, application: string, opens: boolean): readonly [DraftPath, unknown] {
  const others = textsIn(form.own(PATH)).filter((one) => one !== application);
  const next = opens ? [...others, application] : others;
  return [PATH, next.length === 0 ? undefined : next];
}

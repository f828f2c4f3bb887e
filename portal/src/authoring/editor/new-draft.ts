import { USUAL_SIZE } from "./sizes.ts";

/** Under which another page leaves a draft that is to be opened here. */
const LEFT_HERE = "guise.draft";

/** What an author begins with. */
export const NEW_DRAFT = `${JSON.stringify({ persona_id: "", persona_name: "", required_applications: [], resource_requirements: USUAL_SIZE }, null, 2)}\n`;

/** Leaves a draft for the page of drafts, in this tab alone. */
export function leaveDraft(text: string): void {
  sessionStorage.setItem(LEFT_HERE, text);
}

/** A draft that is worked on, by the persona of which it becomes a version: a reload of the tab finds it again. */
export class KeptDraft {
  readonly #key: string;

  constructor(persona: string | undefined) {
    this.#key = `guise.editing.${persona ?? ""}`;
  }

  read(): string | undefined {
    return sessionStorage.getItem(this.#key) ?? undefined;
  }

  keep(text: string): void {
    try {
      sessionStorage.setItem(this.#key, text);
    } catch {
      // The tab's storage is full: the draft is in the page all the same.
    }
  }

  forget(): void {
    sessionStorage.removeItem(this.#key);
  }
}

/** What was left, once. */
export function takeDraft(): string | undefined {
  const text = sessionStorage.getItem(LEFT_HERE) ?? undefined;
  sessionStorage.removeItem(LEFT_HERE);
  return text;
}

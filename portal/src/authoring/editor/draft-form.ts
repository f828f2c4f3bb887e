import type { Problem } from "@guise/contract";
import { createContext, useContext } from "react";
import { at, type DraftPath, stepsOf, withValue } from "./draft-text.ts";

/** A draft as the form sees it: in one environment, or without any. */
export interface DraftForm {
  /** The environment that is written to; undefined: what holds in all of them. */
  readonly environment: string | undefined;
  /** What is written there itself. */
  own(path: DraftPath): unknown;
  /** What is written for all environments. */
  everywhere(path: DraftPath): unknown;
  /** What holds there: what is written there, else what holds in all environments. */
  held(path: DraftPath): unknown;
  /** Whether nothing shows through from all environments: an environment has a list whole, or not at all. */
  standsAlone(path: DraftPath): boolean;
  /** Undefined takes the member out. */
  set(path: DraftPath, value: unknown): void;
  /** Several at once, one after the other. */
  setAll(changes: readonly (readonly [DraftPath, unknown])[]): void;
  /** What is wrong at the place itself. */
  problemAt(path: DraftPath): string | undefined;
}

export interface DraftFormOptions {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly environment: string | undefined;
  readonly problems: readonly Problem[];
  change(text: string): void;
}

export function draftForm({ text, value, environment, problems, change }: DraftFormOptions): DraftForm {
  const placed = (path: DraftPath): DraftPath => (environment === undefined ? path : ["environments", environment, ...path]);
  const own = (path: DraftPath) => at(value, placed(path));
  const standsAlone = (path: DraftPath) => environment === undefined || path.some((_, length) => Array.isArray(own(path.slice(0, length))));
  return {
    environment,
    own,
    everywhere: (path) => at(value, path),
    standsAlone,
    held: (path) => own(path) ?? (standsAlone(path) ? undefined : at(value, path)),
    set: (path, next) => change(withValue(text, placed(path), next)),
    setAll: (changes) => change(changes.reduce((now, [path, next]) => withValue(now, placed(path), next), text)),
    problemAt(path) {
      const where = JSON.stringify(placed(path));
      return problems.find((problem) => JSON.stringify(stepsOf(problem.path)) === where)?.message;
    },
  };
}

/** "Über uns: Karten!" → "uber-uns-karten"; empty where nothing of it can be part of an id. */
export function idOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/^[^a-z]+/, "")
    .slice(0, 60)
    .split(/[^a-z0-9]/)
    .filter((word) => word !== "")
    .join("-");
}

const Form = createContext<DraftForm | undefined>(undefined);
export const DraftFormProvider = Form.Provider;

export function useDraftForm(): DraftForm {
  const form = useContext(Form);
  if (form === undefined) throw new TypeError("no draft is open here");
  return form;
}

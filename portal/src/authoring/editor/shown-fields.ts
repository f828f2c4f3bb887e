import type { Problem } from "@guise/contract";
import { MantineProvider } from "@mantine/core";
import { createElement, type FunctionComponent } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { DraftFormProvider, draftForm } from "./draft-form.ts";

interface ShownDraft {
  readonly value: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  readonly problems?: readonly Problem[];
}

/** For tests: a part of the form on a draft, as markup. */
export function shownPart(Part: FunctionComponent, { value, environment, problems = [] }: ShownDraft): string {
  const form = draftForm({ text: JSON.stringify(value), value, environment, problems, change: () => undefined });
  return renderToStaticMarkup(createElement(MantineProvider, null, createElement(DraftFormProvider, { value: form }, createElement(Part))));
}

/** For tests: what is said at each field of it, by its label. */
export function faultsShown(markup: string): Readonly<Record<string, string | undefined>> {
  const texts = markup.split("<").map((tag) => ({ id: attribute(tag, "id"), of: attribute(tag, "for"), text: tag.split(">")[1] ?? "" }));
  const faultOf = (field: string) => texts.find(({ id }) => id === `${field}-error`)?.text;
  return Object.fromEntries(texts.flatMap(({ of, text }) => (of === undefined ? [] : [[text, faultOf(of)]])));
}

function attribute(tag: string, name: string): string | undefined {
  return tag.split(` ${name}="`)[1]?.split('"')[0];
}

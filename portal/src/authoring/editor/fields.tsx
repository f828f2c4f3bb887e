import { NumberInput, Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { type DraftForm, useDraftForm } from "./draft-form.ts";
import { type DraftPath, isRecord, textsIn } from "./draft-text.ts";

export interface FieldProps {
  readonly path: DraftPath;
  readonly label: string;
  readonly description?: ReactNode;
  readonly placeholder?: string;
  /** Must be said; in an environment only where nothing else holds there. */
  readonly required?: boolean;
}

/** What the fields of a place have in common. */
export function usePlace({ path, label, description, placeholder, required = false }: FieldProps) {
  const form = useDraftForm();
  const error = form.problemAt(path);
  return {
    form,
    own: form.own(path),
    shared: {
      label,
      required: required && form.standsAlone(path),
      ...(description === undefined ? {} : { description }),
      placeholder: placeholderOf(form, path, placeholder),
      ...(error === undefined ? {} : { error: visibleText(error) }),
    },
  };
}

/** What is wrong with one of a list that has a single field. */
export function itemFault(form: DraftForm, path: DraftPath, items: readonly unknown[]): string | undefined {
  return items.map((_, index) => form.problemAt([...path, index])).find((problem) => problem !== undefined);
}

/** In an environment: what holds there without a word of its own. */
function placeholderOf(form: DraftForm, path: DraftPath, otherwise = ""): string {
  const held = form.held(path);
  if (isRecord(form.own(path))) return `in the JSON: ${JSON.stringify(form.own(path))}`;
  if (form.environment === undefined || held === undefined || form.own(path) !== undefined) return otherwise;
  return typeof held === "string" || typeof held === "number" || typeof held === "boolean" ? String(held) : JSON.stringify(held);
}

export function TextField(props: FieldProps) {
  const { form, own, shared } = usePlace(props);
  return (
    <TextInput
      {...shared}
      value={typeof own === "string" || typeof own === "number" ? String(own) : ""}
      spellCheck={false}
      onChange={(event) => form.set(props.path, event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
    />
  );
}

export function LongTextField(props: FieldProps) {
  const { form, own, shared } = usePlace(props);
  return (
    <Textarea
      {...shared}
      autosize
      minRows={2}
      value={typeof own === "string" ? own : ""}
      onChange={(event) => form.set(props.path, event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
    />
  );
}

interface ChoiceProps extends FieldProps {
  /** Values with their words. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** The words of no choice. */
  readonly none: string;
}

export function ChoiceField({ choices, none, ...props }: ChoiceProps) {
  const { form, own, shared } = usePlace({ ...props, placeholder: none });
  return (
    <Select
      {...shared}
      clearable
      data={choices.map(({ value, label }) => ({ value, label }))}
      value={own === undefined ? null : String(own)}
      onChange={(next) => form.set(props.path, next ?? undefined)}
    />
  );
}

export function NumberField({
  minimum,
  maximum,
  whole,
  ...props
}: FieldProps & { readonly minimum?: number; readonly maximum?: number; readonly whole: boolean }) {
  const { form, own, shared } = usePlace(props);
  return (
    <NumberInput
      {...shared}
      {...(minimum === undefined ? {} : { min: minimum })}
      {...(maximum === undefined ? {} : { max: maximum })}
      allowDecimal={!whole}
      value={typeof own === "number" ? own : ""}
      onChange={(next) => form.set(props.path, typeof next === "number" ? next : undefined)}
    />
  );
}

/** Yes, no, or not said. */
export function YesNoField(props: FieldProps) {
  const { form, own, shared } = usePlace({ ...props, placeholder: "not set" });
  return (
    <Select
      {...shared}
      clearable
      data={[
        { value: "true", label: "Yes" },
        { value: "false", label: "No" },
      ]}
      value={typeof own === "boolean" ? String(own) : null}
      onChange={(next) => form.set(props.path, next === null ? undefined : next === "true")}
    />
  );
}

export function ListField({ known = [], ...props }: FieldProps & { readonly known?: readonly string[] }) {
  const { form, own, shared } = usePlace(props);
  const values = textsIn(own);
  const wrong = itemFault(form, props.path, values);
  return (
    <TagsInput
      {...shared}
      {...(wrong === undefined ? {} : { error: visibleText(wrong) })}
      placeholder={values.length === 0 ? shared.placeholder : ""}
      data={[...known]}
      value={[...values]}
      splitChars={[",", " "]}
      onChange={(next) => form.set(props.path, next.length === 0 ? undefined : next)}
    />
  );
}

/** A value that no field fits, as JSON; it counts once it can be read. */
export function JsonField(props: FieldProps) {
  const { form, own, shared } = usePlace(props);
  const [typed, setTyped] = useState<string>();
  const wrong = typed !== undefined && typed.trim() !== "" && parsed(typed) === undefined;
  return (
    <Textarea
      {...shared}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--mantine-font-size-xs)" } }}
      value={typed ?? (own === undefined ? "" : JSON.stringify(own, null, 2))}
      {...(wrong ? { error: "This is no JSON yet; it counts once it is." } : {})}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const value = text.trim() === "" ? undefined : parsed(text);
        if (text.trim() === "" || value !== undefined) form.set(props.path, value);
      }}
      onBlur={() => !wrong && setTyped(undefined)}
    />
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import { Textarea } from "@mantine/core";
import { useState } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { lineOf, wordsOf } from "./command-words.ts";
import { textsIn } from "./draft-text.ts";
import { type FieldProps, itemFault, usePlace } from "./fields.tsx";

/** A program and its arguments; what is typed counts once its quotes are closed. */
export function CommandField(props: FieldProps) {
  const { form, own, shared } = usePlace(props);
  const [typed, setTyped] = useState<string>();
  const words = textsIn(own);
  const isOpen = typed !== undefined && wordsOf(typed) === undefined;
  const error = isOpen ? "A quote is not closed yet; it counts once it is." : itemFault(form, props.path, words);
  return (
    <Textarea
      {...shared}
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
      autoCapitalize="off"
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--mantine-font-size-xs)" } }}
      value={typed ?? lineOf(words)}
      {...(error === undefined ? {} : { error: visibleText(error) })}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        const next = wordsOf(value);
        if (next !== undefined) form.set(props.path, next.length === 0 ? undefined : next);
      }}
      onBlur={() => !isOpen && setTyped(undefined)}
    />
  );
}

import { Textarea } from "@mantine/core";
import { type FieldProps, usePlace } from "./fields.tsx";

/** Text of programs: each sign counts, and no letter of it is mended. */
export function CodeField({
  isKeptEmpty = false,
  ...props
}: FieldProps & { /** Nothing says something too. */ readonly isKeptEmpty?: boolean }) {
  const { form, own, shared } = usePlace(props);
  return (
    <Textarea
      {...shared}
      autosize
      minRows={1}
      maxRows={16}
      spellCheck={false}
      autoCapitalize="off"
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--mantine-font-size-xs)" } }}
      value={typeof own === "string" ? own : ""}
      onChange={({ currentTarget: { value } }) => form.set(props.path, value === "" && !isKeptEmpty ? undefined : value)}
    />
  );
}

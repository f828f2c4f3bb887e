import { SimpleGrid } from "@mantine/core";
import type { DraftPath } from "./draft-text.ts";
import { ChoiceField, ListField, NumberField, TextField, YesNoField } from "./fields.tsx";
import { NamedList } from "./named-list.tsx";

const TYPES = [
  { value: "string", label: "Text" },
  { value: "integer", label: "Whole number" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
] as const;

/** What somebody who asks is asked for. */
export function ParameterSection() {
  return (
    <NamedList
      path={["parameters"]}
      kind="Parameter"
      label="Ask for"
      description="Used in settings and variables as ${parameter:NAME}."
      placeholder="region"
      first={{ type: "string" }}
    >
      {(path, { type }) => (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <ChoiceField path={[...path, "type"]} label="Kind" none="Text" choices={TYPES} />
          <TextField path={[...path, "description"]} label="Question" placeholder="What is asked" />
          <AnswerFields path={path} type={typeof type === "string" ? type : "string"} />
        </SimpleGrid>
      )}
    </NamedList>
  );
}

function AnswerFields({ path, type }: { readonly path: DraftPath; readonly type: string }) {
  if (type === "boolean") return <YesNoField path={[...path, "default"]} label="Without an answer" />;
  if (type === "string")
    return (
      <>
        <TextField path={[...path, "default"]} label="Without an answer" placeholder="it must be given" />
        <ListField path={[...path, "enum"]} label="One of" placeholder="any text" />
        <TextField
          path={[...path, "pattern"]}
          label="Written like"
          description="A regular expression that all of it matches: [0-9]{4}"
          placeholder="any text"
        />
      </>
    );
  const whole = type === "integer";
  return (
    <>
      <NumberField path={[...path, "default"]} label="Without an answer" placeholder="it must be given" whole={whole} />
      <NumberField path={[...path, "minimum"]} label="At least" whole={whole} />
      <NumberField path={[...path, "maximum"]} label="At most" whole={whole} />
    </>
  );
}

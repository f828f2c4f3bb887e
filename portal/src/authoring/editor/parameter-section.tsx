import { Button, Card, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { visibleText } from "../../kit/visible-text.ts";
import { AddNamed } from "./add-named.tsx";
import { useDraftForm } from "./draft-form.ts";
import { isRecord } from "./draft-text.ts";
import { ChoiceField, ListField, NumberField, TextField, YesNoField } from "./fields.tsx";

const TYPES = [
  { value: "string", label: "Text" },
  { value: "integer", label: "Whole number" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
] as const;

/** What somebody who asks is asked for. */
export function ParameterSection() {
  const form = useDraftForm();
  const own = form.own(["parameters"]);
  const parameters = isRecord(own) ? Object.entries(own) : [];
  return (
    <Stack gap="sm">
      {parameters.map(([key, definition]) => (
        <Parameter key={key} name={key} type={isRecord(definition) && typeof definition.type === "string" ? definition.type : "string"} />
      ))}
      <AddNamed
        label="Ask for"
        description="Used in settings and variables as ${parameter:NAME}."
        placeholder="region"
        taken={parameters.map(([name]) => name)}
        add={(name) => form.set(["parameters", name], { type: "string" })}
      />
    </Stack>
  );
}

function Parameter({ name, type }: { readonly name: string; readonly type: string }) {
  const form = useDraftForm();
  const path = ["parameters", name];
  const wrong = form.problemAt(path);
  return (
    <Card withBorder padding="sm" role="group" aria-label={`Parameter ${name}`}>
      <Group justify="space-between">
        <Text size="sm" ff="monospace">
          {visibleText(name)}
        </Text>
        <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Take out ${name}`} onClick={() => form.set(path, undefined)}>
          Take out
        </Button>
      </Group>
      {wrong !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {visibleText(wrong)}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs">
        <ChoiceField path={[...path, "type"]} label="Kind" none="Text" choices={TYPES} />
        <TextField path={[...path, "description"]} label="Question" placeholder="What is asked" />
        {type === "boolean" ? (
          <YesNoField path={[...path, "default"]} label="Without an answer" />
        ) : type === "string" ? (
          <>
            <TextField path={[...path, "default"]} label="Without an answer" placeholder="it must be given" />
            <ListField path={[...path, "enum"]} label="One of" placeholder="any text" />
          </>
        ) : (
          <>
            <NumberField path={[...path, "default"]} label="Without an answer" placeholder="it must be given" whole={type === "integer"} />
            <NumberField path={[...path, "minimum"]} label="At least" whole={type === "integer"} />
            <NumberField path={[...path, "maximum"]} label="At most" whole={type === "integer"} />
          </>
        )}
      </SimpleGrid>
    </Card>
  );
}

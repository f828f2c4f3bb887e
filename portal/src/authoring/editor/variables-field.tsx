import { ActionIcon, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { visibleText } from "../../kit/visible-text.ts";
import { AddNamed } from "./add-named.tsx";
import { useDraftForm } from "./draft-form.ts";
import { isRecord } from "./draft-text.ts";

const PATH = ["application_configuration", "variables"];

/** Variables of every process, by name. */
export function VariablesField() {
  const form = useDraftForm();
  const own = form.own(PATH);
  const variables = isRecord(own) ? Object.entries(own) : [];
  return (
    <Stack gap={6} role="group" aria-label="Variables">
      <Text size="sm" fw={500}>
        Variables
      </Text>
      {variables.map(([key, value]) => {
        const wrong = form.problemAt([...PATH, key]);
        return (
          <Group key={key} gap="xs" wrap="nowrap" align="flex-start">
            <Text size="sm" ff="monospace" w={180} pt={8} style={{ overflowWrap: "anywhere" }}>
              {visibleText(key)}
            </Text>
            <TextInput
              flex={1}
              aria-label={`Value of ${key}`}
              value={value === null ? "" : String(value)}
              {...(wrong === undefined ? {} : { error: visibleText(wrong) })}
              spellCheck={false}
              onChange={(event) => form.set([...PATH, key], event.currentTarget.value)}
            />
            <ActionIcon
              mt={4}
              variant="subtle"
              color="gray"
              aria-label={`Take out ${key}`}
              onClick={() => form.set([...PATH, key], undefined)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        );
      })}
      <AddNamed
        label="A further one"
        placeholder="REPORT_REGION"
        taken={variables.map(([name]) => name)}
        add={(name) => form.set([...PATH, name], "")}
      />
    </Stack>
  );
}

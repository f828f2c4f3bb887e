import { ActionIcon, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { visibleText } from "../../kit/visible-text.ts";
import { AddNamed } from "./add-named.tsx";
import { useDraftForm } from "./draft-form.ts";
import { type DraftPath, isRecord } from "./draft-text.ts";

interface VariablesFieldProps {
  readonly path: DraftPath;
  /** Whose they are: "Variables". */
  readonly label: string;
  /** Of the field that adds one. */
  readonly more: string;
}

/** Variables of processes, by name. */
export function VariablesField({ path, label, more }: VariablesFieldProps) {
  const form = useDraftForm();
  const own = form.own(path);
  const variables = isRecord(own) ? Object.entries(own) : [];
  return (
    <Stack gap={6} role="group" aria-label={label}>
      <Text size="sm" fw={500}>
        {visibleText(label)}
      </Text>
      {variables.map(([key, value]) => {
        const wrong = form.problemAt([...path, key]);
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
              onChange={(event) => form.set([...path, key], event.currentTarget.value)}
            />
            <ActionIcon
              mt={4}
              variant="subtle"
              color="gray"
              aria-label={`Take out ${key}`}
              onClick={() => form.set([...path, key], undefined)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        );
      })}
      <AddNamed
        label={more}
        placeholder="REPORT_REGION"
        taken={variables.map(([name]) => name)}
        add={(name) => form.set([...path, name], "")}
      />
    </Stack>
  );
}

import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { useDraftForm } from "./draft-form.ts";
import { isRecord } from "./draft-text.ts";

const PATH = ["application_configuration", "variables"];

/** Variables of every process, by name. */
export function VariablesField() {
  const form = useDraftForm();
  const own = form.own(PATH);
  const variables = isRecord(own) ? Object.entries(own) : [];
  const [name, setName] = useState("");
  const taken = variables.some(([one]) => one === name);
  const add = () => {
    if (name === "" || taken) return;
    form.set([...PATH, name], "");
    setName("");
  };
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
      <Group gap="xs" align="flex-end">
        <TextInput
          label="A further one"
          placeholder="REPORT_REGION"
          value={name}
          spellCheck={false}
          {...(taken ? { error: "It is there already." } : {})}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button variant="default" disabled={name === "" || taken} onClick={add}>
          Add
        </Button>
      </Group>
    </Stack>
  );
}

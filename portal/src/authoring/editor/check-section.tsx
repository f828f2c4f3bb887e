import { CHECK_WITHIN } from "@guise/contract";
import { Checkbox, SimpleGrid, Stack, Text } from "@mantine/core";
import { CodeField } from "./code-field.tsx";
import { useDraftForm } from "./draft-form.ts";
import type { DraftPath } from "./draft-text.ts";
import { NumberField, TextField } from "./fields.tsx";
import { ItemList } from "./item-list.tsx";

/** What shows that the persona works. */
export function CheckSection() {
  return (
    <>
      <Text size="sm">
        Commands that Guise tries, in a workspace of yours that is made for it, before anybody gets a new version. When one of them does
        otherwise than is said here, nobody gets that version. What is asked of who opens it must then hold an answer of its own.
      </Text>
      <ItemList path={["checks"]} one="Check" more="Add a check" first={{ expect: {} }} told={({ run }) => String(run ?? "?")}>
        {(path) => (
          <Stack gap="sm">
            <CodeField
              required
              path={[...path, "run"]}
              label="Command"
              description="As one types it in a terminal, in the home."
              placeholder="python3 -c 'import pandas'"
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NumberField
                whole
                path={[...path, "expect", "exit"]}
                label="Number it ends with"
                description="Its exit code: 0 when all went well."
                placeholder="0"
              />
              <TextField
                path={[...path, "within"]}
                label="Longest it may take"
                description="30s, 5m; at most 10m"
                placeholder={CHECK_WITHIN}
              />
            </SimpleGrid>
            <ExpectedOutput path={[...path, "expect", "stdout"]} />
          </Stack>
        )}
      </ItemList>
    </>
  );
}

/** Whether it matters what the command prints; that it prints nothing can be asked for as well. */
function ExpectedOutput({ path }: { readonly path: DraftPath }) {
  const form = useDraftForm();
  const isAsked = form.own(path) !== undefined;
  return (
    <>
      <Checkbox
        label="It must print a certain text"
        checked={isAsked}
        onChange={({ currentTarget: { checked } }) => form.set(path, checked ? "" : undefined)}
      />
      {isAsked && (
        <CodeField
          isKeptEmpty
          path={path}
          label="All that it prints"
          description="A line break at its end does not matter."
          placeholder="nothing at all"
        />
      )}
    </>
  );
}

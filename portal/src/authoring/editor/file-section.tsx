import { FILE_FORMATS, FILE_MODES } from "@guise/contract";
import { Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { CodeField } from "./code-field.tsx";
import { useDraftForm } from "./draft-form.ts";
import type { DraftPath } from "./draft-text.ts";
import { ChoiceField, JsonField, usePlace } from "./fields.tsx";
import { NamedList } from "./named-list.tsx";

const AS_TEXT = "text";

const MANNERS = [
  { value: "default", label: "Theirs stays; what is missing is added" },
  { value: "enforced", label: "These values are set again at every start" },
  { value: "replace", label: "All of it is written anew at every start; theirs is kept beside it" },
] as const;

const USUAL_MODE = "0644";
const MODES: Readonly<Record<(typeof FILE_MODES)[number], string>> = {
  "0400": "Only read, by nobody else",
  "0600": "Read and changed, by nobody else",
  "0644": "Read and changed; others may read it",
  "0755": "Run as a program",
};

/** Files that are in the home from the beginning. */
export function FileSection() {
  return (
    <>
      <Text size="sm">
        Files that everybody finds in the workspace: settings of a program that has no fields above, a template, a script. ~ stands for the
        folder of the person, so ~/notes.txt lies right in it.
      </Text>
      <NamedList
        path={["application_configuration", "files"]}
        kind="File"
        label="Put a file at"
        placeholder="~/notes.txt"
        first={{ format: AS_TEXT }}
      >
        {(path) => <FileFields path={path} />}
      </NamedList>
    </>
  );
}

function FileFields({ path }: { readonly path: DraftPath }) {
  const form = useDraftForm();
  const isText = form.held([...path, "format"]) === AS_TEXT;
  // What does not go with the format is shown while it is there: it is wrong, and to be taken out by who wrote it.
  const hasContent = isText || form.own([...path, "content"]) !== undefined;
  const hasValues = !isText || form.own([...path, "merge"]) !== undefined;
  const isEnforced = form.held([...path, "apply"]) === "enforced";
  return (
    <Stack gap="sm">
      <FormatChoice path={path} />
      {hasContent && (
        <CodeField
          required={isText}
          isKeptEmpty={isText && form.environment === undefined}
          path={[...path, "content"]}
          label="What is in it"
          placeholder="The whole text of the file"
        />
      )}
      {hasValues && (
        <JsonField
          required={!isText}
          path={[...path, "merge"]}
          label="Values that are set in it"
          description="As JSON, one inside the other as in the file; all else in the file stays."
          placeholder={'{ "section": { "name": "value" } }'}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <ChoiceField
          path={[...path, "apply"]}
          label="When the person has it already"
          none={MANNERS[0].label}
          choices={MANNERS.filter(({ value }) => value !== "enforced" || !isText || isEnforced)}
        />
        <ChoiceField
          path={[...path, "mode"]}
          label="What may be done with it"
          none={MODES[USUAL_MODE]}
          choices={FILE_MODES.map((value) => ({ value, label: `${MODES[value]} (${value})` }))}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** Another format takes an empty text with it, which nobody would see. */
function FormatChoice({ path }: { readonly path: DraftPath }) {
  const place = [...path, "format"];
  const { form, own, shared } = usePlace({
    path: place,
    label: "Kind of file",
    description: "With a kind, single values are set in a file, and the person's own stay.",
    placeholder: "not said",
    required: true,
  });
  const text = [...path, "content"];
  return (
    <Select
      {...shared}
      data={FILE_FORMATS.map((value) => ({ value, label: value === AS_TEXT ? "any text, as it is written here" : value })).reverse()}
      value={typeof own === "string" ? own : null}
      onChange={(next) =>
        form.setAll([[place, next ?? undefined], ...(next !== AS_TEXT && form.own(text) === "" ? [[text, undefined] as const] : [])])
      }
    />
  );
}

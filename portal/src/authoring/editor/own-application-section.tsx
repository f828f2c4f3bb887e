import { APPLICATION_ICONS, type ApplicationIconName, kindFacts } from "@guise/contract";
import { Checkbox, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { ApplicationIcon } from "../../personas/application-icon.tsx";
import { CommandField } from "./command-field.tsx";
import { useDraftForm } from "./draft-form.ts";
import type { DraftPath } from "./draft-text.ts";
import { ChoiceField, TextField, usePlace } from "./fields.tsx";
import { openingChange, opensByItself } from "./launch-list.ts";
import { NamedList } from "./named-list.tsx";
import { VariablesField } from "./variables-field.tsx";
import { WebFields } from "./web-fields.tsx";

const WAYS = [
  { value: "terminal", label: "In a terminal" },
  { value: "web", label: "As a page: it is a server" },
  { value: "desktop", label: "In windows of its own" },
  { value: "command", label: "Not at all: it runs in a terminal and ends" },
] as const;

/** Applications that only this persona has. */
export function OwnApplicationSection() {
  const form = useDraftForm();
  return (
    <>
      <Text size="sm">
        A program gets a tile of its own among the applications: one of a package that the search found, a script of the files below, or one
        that the search does not know as an application.
      </Text>
      <NamedList
        path={["applications"]}
        kind="Application"
        label="Make a tile for"
        description="Its short name in commands: small letters, digits and hyphens."
        placeholder="dashboard"
        first={{ kind: "terminal" }}
        withIt={(name) => [openingChange(form, name, false)]}
      >
        {(path, { kind, icon }, name) => (
          <OwnApplicationFields path={path} name={name} kind={typeof kind === "string" ? kind : "command"} icon={icon} />
        )}
      </NamedList>
    </>
  );
}

interface OwnApplicationFieldsProps {
  readonly path: DraftPath;
  readonly name: string;
  readonly kind: string;
  readonly icon: unknown;
}

function OwnApplicationFields({ path, name, kind, icon }: OwnApplicationFieldsProps) {
  const form = useDraftForm();
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextField path={[...path, "name"]} label="What the tile says" placeholder={name} />
        <PictureField path={[...path, "icon"]} kind={kind} icon={icon} />
      </SimpleGrid>
      <ChoiceField required path={[...path, "kind"]} label="How it opens" none="not said" choices={WAYS} />
      <CommandField
        required
        path={[...path, "command"]}
        label="Program, and what is said to it"
        description="One line, as in a terminal. What only a shell understands, such as | and >, goes into sh -c '…'."
        placeholder="streamlit run ~/app.py"
      />
      <WebFields path={path} isWeb={kind === "web"} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextField path={[...path, "working_directory"]} label="Folder that it starts in" description="~/reports" placeholder="~" />
        <TextField
          path={[...path, "needs"]}
          label="It needs"
          description="What it must be given to open at all: a file."
          placeholder="nothing"
        />
      </SimpleGrid>
      <VariablesField path={[...path, "variables"]} label={`Variables of ${name} alone`} more="One for it alone" />
      {kindFacts(kind).runsAs !== undefined && (
        <Checkbox
          size="xs"
          label="opens by itself"
          aria-label={`${name} opens by itself`}
          checked={opensByItself(form, name)}
          onChange={({ currentTarget: { checked } }) => form.setAll([openingChange(form, name, checked)])}
        />
      )}
    </Stack>
  );
}

function PictureField({ path, kind, icon }: Pick<OwnApplicationFieldsProps, "path" | "kind" | "icon">) {
  const { form, shared } = usePlace({ path, label: "Its picture", placeholder: "by how it opens" });
  const known = APPLICATION_ICONS.find((one) => one === icon);
  return (
    <Select
      {...shared}
      clearable
      searchable
      data={[...APPLICATION_ICONS]}
      leftSection={<Picture kind={kind} icon={known} />}
      renderOption={({ option }) => (
        <>
          <Picture kind={kind} icon={APPLICATION_ICONS.find((one) => one === option.value)} />
          <Text size="sm" ml={8}>
            {option.label}
          </Text>
        </>
      )}
      value={known ?? null}
      onChange={(next) => form.set(path, next ?? undefined)}
    />
  );
}

function Picture({ kind, icon }: { readonly kind: string; readonly icon: ApplicationIconName | undefined }) {
  const known = WAYS.find(({ value }) => value === kind)?.value ?? "command";
  return <ApplicationIcon application={{ kind: known, ...(icon === undefined ? {} : { icon }) }} />;
}

import { type CatalogApplication, type CatalogView, KINDS } from "@guise/contract";
import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPackage, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { ApplicationIcon } from "../../personas/application-icon.tsx";
import { useSession } from "../../session/session.ts";
import classes from "./application-section.module.css";
import { useDraftForm } from "./draft-form.ts";
import { type Found, foundIn } from "./find-applications.ts";
import { SettingFields } from "./setting-fields.tsx";

/** Milliseconds for which nobody typed. */
const PAUSE = 250;
/** Milliseconds after which lists that were not there in time are asked for again, and how often in all. */
const AGAIN = 3_000;
const MOST_TRIES = 20;

/** What the persona is made of: found by search, with its settings. */
export function ApplicationSection({ catalog }: { readonly catalog: CatalogView }) {
  const form = useDraftForm();
  const chosen = textsIn(form.held(["required_applications"]));
  const known = new Map(catalog.applications.map((application) => [application.application, application]));
  const applications = chosen.map((text) => known.get(text)).filter((one) => one !== undefined);
  // That none is there yet is seen.
  const wrong = chosen.length === 0 ? undefined : form.problemAt(["required_applications"]);
  return (
    <Stack gap="sm">
      {form.environment === undefined && (
        <>
          <Chosen chosen={chosen} known={known} />
          {wrong !== undefined && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {visibleText(wrong)}
            </Text>
          )}
          <Search catalog={catalog} chosen={chosen} />
        </>
      )}
      <SettingFields applications={applications} />
    </Stack>
  );
}

interface ChosenProps {
  readonly chosen: readonly string[];
  readonly known: ReadonlyMap<string, CatalogApplication>;
}

function Chosen({ chosen, known }: ChosenProps) {
  const form = useDraftForm();
  const launch = textsIn(form.own(["launch"]));
  if (chosen.length === 0) return <Text size="sm">None yet: search for what the work needs.</Text>;
  const opens = (text: string, yes: boolean) => {
    const next = yes ? [...launch, text] : launch.filter((one) => one !== text);
    form.set(["launch"], next.length === 0 ? undefined : next);
  };
  return (
    <Stack gap={4} component="ul" m={0} p={0} aria-label="Applications of the persona" style={{ listStyle: "none" }}>
      {chosen.map((text, index) => {
        const application = known.get(text);
        const wrong = form.problemAt(["required_applications", index]);
        return (
          <li key={text} className={classes.row}>
            <Group gap="xs" wrap="nowrap" miw={0} flex={1}>
              {application === undefined ? <IconPackage size={16} aria-hidden="true" /> : <ApplicationIcon application={application} />}
              <div className={classes.words}>
                <Text size="sm">{visibleText(application?.name ?? text)}</Text>
                {wrong !== undefined && (
                  <Text size="xs" c="var(--mantine-color-error)" role="alert">
                    {visibleText(wrong)}
                  </Text>
                )}
              </div>
            </Group>
            {application !== undefined && KINDS[application.kind].runsAs !== undefined && (
              <Checkbox
                size="xs"
                label="opens by itself"
                aria-label={`${application.name} opens by itself`}
                checked={launch.includes(text)}
                onChange={(event) => opens(text, event.currentTarget.checked)}
              />
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take out ${text}`}
              onClick={() =>
                form.set(
                  ["required_applications"],
                  chosen.filter((one) => one !== text),
                )
              }
            >
              <IconTrash size={16} />
            </ActionIcon>
          </li>
        );
      })}
    </Stack>
  );
}

interface SearchProps {
  readonly catalog: CatalogView;
  readonly chosen: readonly string[];
}

function Search({ catalog, chosen }: SearchProps) {
  const form = useDraftForm();
  const { agent } = useSession();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), PAUSE);
  const packages = useQuery({
    queryKey: ["packages", asked, form.held(["base"])],
    queryFn: () => agent.personas.findPackages(asked, baseIn(form.held(["base"]))),
    enabled: asked.length >= 2,
    staleTime: 60_000,
    // The lists are read once, which takes a while: who asks again finds that done.
    refetchInterval: ({ state }) => (state.data?.unasked !== undefined && state.dataUpdateCount < MOST_TRIES ? AGAIN : false),
  });
  const found =
    text.trim() === "" ? [] : foundIn(text, catalog, packages.data?.packages ?? []).filter(({ text: one }) => !chosen.includes(one));
  const add = (one: Found) => {
    form.set(["required_applications"], [...chosen, one.text]);
    setText("");
  };
  return (
    <Stack gap={6}>
      <TextInput
        label="Add an application or a package"
        description="By name or by what it does; packages of Debian, PyPI and npm are found too."
        placeholder="notebook, maps, pandas, eslint …"
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [best] = found;
          if (event.key === "Enter" && best !== undefined) {
            event.preventDefault();
            add(best);
          }
        }}
      />
      {text.trim() !== "" && (
        <Stack gap={2} component="ul" m={0} p={0} aria-label="Found" className={classes.found}>
          {found.map((one) => (
            <li key={one.text}>
              <Button
                fullWidth
                variant="subtle"
                color="gray"
                justify="flex-start"
                h="auto"
                py={4}
                leftSection={<IconPlus size={14} />}
                onClick={() => add(one)}
              >
                <span className={classes.hit}>
                  <Text size="sm" span>
                    {visibleText(one.name)}
                  </Text>{" "}
                  <Text size="xs" span c="dimmed">
                    {visibleText(one.about)}
                  </Text>
                </span>
              </Button>
            </li>
          ))}
        </Stack>
      )}
      <Text size="xs" c="dimmed" role="status">
        {text.trim() === "" ? "" : packages.isFetching ? "Packages are looked for …" : wordsOf(packages.data?.unasked, packages.isError)}
      </Text>
    </Stack>
  );
}

function wordsOf(unasked: string | undefined, failed: boolean): string {
  if (failed) return "The package lists could not be asked; what is in the catalog is found all the same.";
  return unasked === undefined ? "" : visibleText(unasked);
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function baseIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

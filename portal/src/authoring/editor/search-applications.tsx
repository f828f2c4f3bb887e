import type { CatalogView } from "@guise/contract";
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { useSession } from "../../session/session.ts";
import classes from "./application-section.module.css";
import { useDraftForm } from "./draft-form.ts";
import { type Found, foundIn } from "./find-applications.ts";

/** Milliseconds for which nobody typed. */
const PAUSE = 250;
/** Milliseconds after which lists that were not there in time are asked for again, and how often in all. */
const AGAIN = 3_000;
const MOST_TRIES = 20;

interface SearchApplicationsProps {
  readonly catalog: CatalogView;
  readonly chosen: readonly string[];
}

/** One more application, found in the catalog, in the package lists, or named. */
export function SearchApplications({ catalog, chosen }: SearchApplicationsProps) {
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

function baseIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

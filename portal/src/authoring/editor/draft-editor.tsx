import { type CatalogView, MAXIMUM_PERSONA_BYTES, type Problem, type VersionView } from "@guise/contract";
import { Alert, Group, Stack, Tabs, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { loadPart } from "../../connection/load-part.ts";
import { CopyButton } from "../../kit/copy-button.tsx";
import { visibleText } from "../../kit/visible-text.ts";
import { useSession } from "../../session/session.ts";
import classes from "./draft-editor.module.css";
import { DraftFormProvider, draftForm } from "./draft-form.ts";
import { isRecord, readDraft, withValue } from "./draft-text.ts";
import { EnvironmentSwitch } from "./environment-switch.tsx";
import { FormSections } from "./form-sections.tsx";
import { NewlyPanel } from "./newly-panel.tsx";
import { personaSchema } from "./persona-schema.ts";
import { PreviewPanel } from "./preview-panel.tsx";
import { ProblemList } from "./problem-list.tsx";
import { PublishBar } from "./publish-bar.tsx";

const JsonEditor = lazy(() => loadPart(() => import("./json-editor.tsx")).then((part) => ({ default: part.JsonEditor })));

/** Milliseconds for which nothing was changed before it is looked at. */
const PAUSE = 500;
/** Milliseconds after which mirrors that did not answer in time are asked again, and how often in all. */
const AGAIN = 5_000;
const MOST_TRIES = 12;

interface DraftEditorProps {
  /** What it begins with. */
  readonly first: string;
  /** Called with each change, so that a reload finds it. */
  keep(text: string): void;
  /** It is published: nothing of it need be kept. */
  forget(): void;
  readonly catalog: CatalogView;
  /** Of which it becomes a version; undefined: a new one. */
  readonly persona: VersionView | undefined;
}

/** The form and the JSON are one text: each shows at once what was changed in the other. */
export function DraftEditor({ first, keep, forget, catalog, persona }: DraftEditorProps) {
  const { agent } = useSession();
  const { groups } = agent.me;
  const [text, setTextAlone] = useState(first);
  const setText = (next: string) => {
    setTextAlone(next);
    keep(next);
  };
  const [environment, setEnvironment] = useState<string>();
  const [group, setGroup] = useState<string | undefined>(persona?.owner_group ?? (groups.length === 1 ? groups[0] : undefined));
  const [looked] = useDebouncedValue(text, PAUSE);
  const { value: read, fault } = readDraft(text);
  // While the JSON is half written, the form shows what it said before.
  const [value, setValue] = useState(read);
  if (fault === undefined && JSON.stringify(read) !== JSON.stringify(value)) setValue(read);
  const isReadable = readDraft(looked).fault === undefined;
  const document = useQuery({
    queryKey: ["validate", looked],
    queryFn: () => agent.personas.validate(looked, { packages: false }),
    enabled: isReadable,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  // The mirrors take longer, and are asked once the document is right.
  const packages = useQuery({
    queryKey: ["validate", looked, group, "packages"],
    queryFn: () => agent.personas.validate(looked, group === undefined ? {} : { owner_group: group }),
    enabled: isReadable && document.data?.valid === true && !document.isPlaceholderData,
    staleTime: 60_000,
    // The first question of a base takes longest: who asks again finds it answered.
    refetchInterval: ({ state }) => (state.data?.unasked !== undefined && state.dataUpdateCount < MOST_TRIES ? AGAIN : false),
  });
  const schema = useQuery({ queryKey: ["persona-schema"], queryFn: personaSchema, staleTime: Number.POSITIVE_INFINITY });
  const current = looked === text && !document.isPlaceholderData && !document.isFetching;
  const answer = packages.data ?? document.data;
  const problems: readonly Problem[] = fault === undefined ? (answer?.problems ?? []) : [];
  const environments = isRecord(value.environments) ? Object.keys(value.environments) : [];
  const shown = environment !== undefined && environments.includes(environment) ? environment : undefined;
  const form = draftForm({ text, value, environment: shown, problems, change: setText });
  const isValid = fault === undefined && answer?.valid === true && current;
  return (
    <DraftFormProvider value={form}>
      <div className={classes.halves}>
        <Stack gap="md" className={classes.form}>
          <EnvironmentSwitch
            environments={environments}
            chosen={shown}
            choose={setEnvironment}
            add={(name) => {
              setText(withValue(text, ["environments", name], {}));
              setEnvironment(name);
            }}
            remove={(name) => {
              setText(withValue(text, ["environments", name], undefined));
              setEnvironment(undefined);
            }}
          />
          {fault !== undefined && (
            <Alert color="yellow" title="The JSON cannot be read yet">
              The form goes on as soon as it can: {fault.message}.
            </Alert>
          )}
          <fieldset disabled={fault !== undefined} className={classes.fields}>
            <FormSections catalog={catalog} isNew={persona === undefined} />
          </fieldset>
        </Stack>
        <div className={classes.side}>
          <Tabs defaultValue="json" keepMounted className={classes.tabs}>
            <Tabs.List aria-label="The draft">
              <Tabs.Tab value="json">JSON</Tabs.Tab>
              <Tabs.Tab value="preview">What one gets</Tabs.Tab>
              {persona !== undefined && <Tabs.Tab value="newly">What is new</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="json" pt="xs" className={classes.json}>
              <Group justify="space-between" mb={4}>
                <Text size="xs" c={text.length > MAXIMUM_PERSONA_BYTES ? "var(--mantine-color-error)" : "dimmed"}>
                  {text.length > MAXIMUM_PERSONA_BYTES ? "It is larger than a persona may be." : "Ctrl+Space proposes what may stand here."}
                </Text>
                <CopyButton text={text} what="the draft" />
              </Group>
              <Suspense fallback={<Text size="sm">The editor is loaded …</Text>}>
                <JsonEditor text={text} problems={problems} schema={schema.data} catalog={catalog} change={setText} />
              </Suspense>
            </Tabs.Panel>
            <Tabs.Panel value="preview" pt="sm">
              {isValid ? (
                <PreviewPanel document={looked} group={group} />
              ) : (
                <Text size="sm">It is shown as soon as the draft is valid.</Text>
              )}
            </Tabs.Panel>
            {persona !== undefined && (
              <Tabs.Panel value="newly" pt="sm">
                {isValid ? (
                  <NewlyPanel persona={persona.persona_id} document={looked} />
                ) : (
                  <Text size="sm">It is shown as soon as the draft is valid.</Text>
                )}
              </Tabs.Panel>
            )}
          </Tabs>
          <ProblemList problems={problems} />
          {packages.data?.unasked !== undefined && current && (
            <Text size="sm" c="dimmed">
              {visibleText(packages.data.unasked)}
            </Text>
          )}
          <PublishBar
            text={text}
            state={{
              isValid,
              said: fault !== undefined || !current ? "" : saidOf(isValid, packages.isFetching),
              error: document.isError ? document.error : undefined,
            }}
            persona={persona}
            done={forget}
            group={group}
            choose={setGroup}
          />
        </div>
      </div>
    </DraftFormProvider>
  );
}

function saidOf(isValid: boolean, asksMirrors: boolean): string {
  if (!isValid) return "";
  return asksMirrors ? "It is valid; the package mirrors are asked …" : "It is valid.";
}

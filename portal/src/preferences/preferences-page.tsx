import { hasCode } from "@guise/agent";
import type { Preferences, PreferencesView } from "@guise/contract";
import { Button, Container, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { useSession } from "../session/session.ts";
import { NoticeSwitches } from "./notice-switches.tsx";
import { PreferredFiles } from "./preferred-files.tsx";
import { WordFields } from "./word-fields.tsx";

const KEY = ["preferences"];

/** What a person takes along into every workspace. */
export function PreferencesPage() {
  usePageTitle("Preferences");
  const { agent } = useSession();
  const stored = useQuery({ queryKey: KEY, queryFn: () => agent.preferences.show(), refetchOnWindowFocus: false });
  return (
    <Container size="sm" px={0} mx={0}>
      <Stack gap="md">
        <div>
          <Title order={1} size="h3">
            Preferences
          </Title>
          <Text c="dimmed">
            What you take along into every workspace, where its persona leaves room for it. It holds from the next start or resume of each.
          </Text>
        </div>
        {stored.isPending && <Skeleton height={320} />}
        {stored.isError && (
          <ErrorNotice error={stored.error} what="Your preferences could not be read" retry={() => void stored.refetch()} />
        )}
        {stored.data !== undefined && <PreferencesForm key={stored.data.revision} stored={stored.data} />}
        <CommandHint command="preferences show" />
      </Stack>
    </Container>
  );
}

function PreferencesForm({ stored }: { readonly stored: PreferencesView }) {
  const { agent } = useSession();
  const queries = useQueryClient();
  const [wanted, setWanted] = useState<Preferences>(stored.preferences);
  const [saved, setSaved] = useState(false);
  const save = useMutation({
    mutationFn: () => agent.preferences.set(stored.revision, wanted),
    onSuccess: (view) => queries.setQueryData(KEY, view),
  });
  const change = (part: Preferences) => {
    setSaved(false);
    save.reset();
    setWanted((before) => withoutNothing({ ...before, ...part }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined, { onSuccess: () => setSaved(true) });
  };
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(stored.preferences);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <WordFields preferences={wanted} change={change} />
        <NoticeSwitches notices={wanted.notices ?? {}} change={(notices) => change({ notices })} />
        <PreferredFiles files={wanted.files ?? {}} change={(files) => change({ files })} />
        {save.isError && (
          <ErrorNotice
            error={save.error}
            what="Your preferences were not stored"
            {...(hasCode(save.error, "conflict")
              ? { remedy: "They were changed in another window meanwhile. Load this page anew, and make your change once more." }
              : {})}
          />
        )}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save
          </Button>
          {isChanged && !save.isPending && (
            <Button variant="default" onClick={() => setWanted(stored.preferences)}>
              Take back
            </Button>
          )}
          <Text size="sm" role="status">
            {saved && !isChanged ? "Saved." : ""}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

/** What is empty is not said. */
function withoutNothing(preferences: Preferences): Preferences {
  const said = Object.entries(preferences).filter(
    ([, value]) => value !== undefined && value !== "" && (typeof value !== "object" || Object.keys(value).length > 0),
  );
  return Object.fromEntries(said) as Preferences;
}

import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Awaited } from "../../connection/awaited.tsx";
import { ErrorNotice } from "../../kit/error-notice.tsx";
import { AnchorLink } from "../../kit/links.tsx";
import { usePageTitle } from "../../kit/page-title.ts";
import { useSession } from "../../session/session.ts";
import { DraftEditor } from "./draft-editor.tsx";
import { KeptDraft, NEW_DRAFT, takeDraft } from "./new-draft.ts";

/** A persona, made or changed: its form, and beside it the JSON that it is. */
export function EditorPage() {
  const { persona: id } = useSearch({ from: "/inside/authoring/-/new" });
  const { agent } = useSession();
  usePageTitle(id === undefined ? "New persona" : `Change ${id}`);
  const [kept] = useState(() => new KeptDraft(id));
  // What was left here by another page comes before what was worked on.
  const [left, setLeft] = useState(() => takeDraft() ?? kept.read());
  const present = useQuery({
    queryKey: ["versions", id],
    queryFn: () => agent.personas.versions(id ?? ""),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const newest = present.data?.[0];
  const definition = useQuery({
    queryKey: ["version", id, newest?.version],
    queryFn: () => agent.personas.version(id ?? "", newest?.version ?? "latest"),
    enabled: newest !== undefined,
  });
  const catalog = useQuery({ queryKey: ["catalog"], queryFn: () => agent.personas.catalog(), staleTime: 60_000 });
  const first = left ?? (id === undefined ? NEW_DRAFT : definition.data && `${JSON.stringify(definition.data.definition, null, 2)}\n`);
  const failed = [catalog, present, definition].find(({ isError }) => isError);
  return (
    <Stack gap="md" maw={1700}>
      <Stack gap={2}>
        {id === undefined ? (
          <AnchorLink to="/authoring" size="sm">
            All personas
          </AnchorLink>
        ) : (
          <AnchorLink to="/authoring/$persona" params={{ persona: id }} size="sm">
            Versions of {id}
          </AnchorLink>
        )}
        <Title order={1} size="h3">
          {id === undefined ? "New persona" : `A new version of ${newest?.persona_name ?? id}`}
        </Title>
      </Stack>
      {failed !== undefined && (
        <ErrorNotice error={failed.error} what="The draft could not be opened" retry={() => void failed.refetch()} />
      )}
      {failed === undefined && (first === undefined || catalog.data === undefined) && <Awaited what="the draft" height={400} />}
      {first !== undefined && catalog.data !== undefined && (
        <>
          {left !== undefined && (
            <Group gap="xs">
              <Text size="sm">This draft was begun before.</Text>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => {
                  kept.forget();
                  setLeft(undefined);
                }}
              >
                Begin anew
              </Button>
            </Group>
          )}
          <DraftEditor
            key={left ?? "anew"}
            first={first}
            keep={(text) => kept.keep(text)}
            forget={() => kept.forget()}
            catalog={catalog.data}
            persona={newest}
          />
        </>
      )}
    </Stack>
  );
}

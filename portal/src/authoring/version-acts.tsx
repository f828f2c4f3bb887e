import type { VersionView } from "@guise/contract";
import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { ownSurroundings } from "../personas/own-surroundings.ts";
import { useSession } from "../session/session.ts";
import { noteAsked } from "../workspaces/asked-here.ts";

export function canActOn({ state, latest, draft }: VersionView): boolean {
  return draft === true || (state === "usable" && !latest);
}

/** What may be done with a version: an earlier one is given to requests again, a draft is tried out, published or discarded. */
export function VersionActs({ version: row }: { readonly version: VersionView }) {
  return row.draft === true ? <DraftActs version={row} /> : <RollBack version={row} />;
}

function RollBack({ version: { persona_id, version } }: { readonly version: VersionView }) {
  const { agent } = useSession();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: () => agent.personas.rollback(persona_id, version),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["versions", persona_id] }),
  });
  return (
    <Stack gap={4}>
      <Button size="compact-xs" variant="default" loading={act.isPending} onClick={() => act.mutate()}>
        Give this to requests
      </Button>
      {act.isError && <ErrorNotice error={act.error} what="It was not changed" />}
    </Stack>
  );
}

function DraftActs({ version: { persona_id, version, state } }: { readonly version: VersionView }) {
  const { agent, live } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const again = () => queries.invalidateQueries({ queryKey: ["versions", persona_id] });
  const open = useMutation({
    mutationFn: () => agent.askForPersona(persona_id, { version, ...ownSurroundings() }),
    onSuccess: ({ id, view }) => {
      live.note(view);
      noteAsked(id);
      return navigate({ to: "/workspaces/$workspace", params: { workspace: id } });
    },
  });
  const publish = useMutation({ mutationFn: () => agent.personas.publishDraft(persona_id, version), onSuccess: again });
  const discard = useMutation({ mutationFn: () => agent.personas.discardDraft(persona_id, version), onSuccess: again });
  const failed = [open, publish, discard].find(({ isError }) => isError);
  return (
    <Stack gap={4}>
      <Group gap={6}>
        <Button size="compact-xs" disabled={state !== "usable"} loading={open.isPending} onClick={() => open.mutate()}>
          Try it
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          disabled={state !== "usable"}
          loading={publish.isPending}
          onClick={() => publish.mutate()}
        >
          Publish
        </Button>
        <Button size="compact-xs" variant="default" loading={discard.isPending} onClick={() => discard.mutate()}>
          Discard
        </Button>
      </Group>
      {failed !== undefined && <ErrorNotice error={failed.error} what="It was not done" />}
    </Stack>
  );
}

import type { VersionView } from "@guise/contract";
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ErrorNotice } from "../../kit/error-notice.tsx";
import { useSession } from "../../session/session.ts";

interface PublishBarProps {
  readonly text: string;
  readonly state: { readonly isValid: boolean; readonly said: string; readonly error: unknown };
  readonly persona: VersionView | undefined;
  readonly group: string | undefined;
  choose(group: string | undefined): void;
  done(): void;
}

/** Whether the draft can be published, and by whom it would be owned. */
export function PublishBar({ text, state: { isValid, said, error }, persona, group, choose, done }: PublishBarProps) {
  const { agent } = useSession();
  const navigate = useNavigate();
  const { groups } = agent.me;
  const publish = useMutation({
    // A draft is its author's alone: it is built, and can be opened before anybody else gets it.
    mutationFn: (draft: boolean) => agent.personas.publish(text, persona === undefined ? group : undefined, { draft }),
    onSuccess: ({ persona_id, version }) => {
      done();
      return navigate({ to: "/authoring/$persona", params: { persona: persona_id }, search: { version } });
    },
  });
  return (
    <Stack gap="xs">
      {error !== undefined && <ErrorNotice error={error} what="It could not be checked" />}
      {publish.isError && <ErrorNotice error={publish.error} what="It was not published" />}
      <Group align="flex-end" gap="sm">
        {persona === undefined && (
          <Select
            label="Owned by"
            data={[...groups]}
            value={group ?? null}
            onChange={(next) => choose(next ?? undefined)}
            placeholder="one of your groups"
            allowDeselect={false}
            w={200}
          />
        )}
        <Button
          loading={publish.isPending && !publish.variables}
          disabled={!isValid || (persona === undefined && group === undefined)}
          onClick={() => publish.mutate(false)}
        >
          Publish
        </Button>
        <Button
          variant="default"
          loading={publish.isPending && publish.variables}
          disabled={!isValid || (persona === undefined && group === undefined)}
          onClick={() => publish.mutate(true)}
        >
          Try it first
        </Button>
        <Text size="sm" role="status" lh="36px">
          {isValid && group === undefined && persona === undefined ? "It is valid; choose the group that owns it." : said}
        </Text>
      </Group>
    </Stack>
  );
}

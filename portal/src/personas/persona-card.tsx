import type { VersionView } from "@guise/contract";
import { Badge, Button, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { IconAdjustments, IconAlertTriangle, IconCircleCheck, IconHammer, IconHourglass } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { ButtonLink } from "../kit/links.tsx";
import { needsText } from "../kit/needs.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";
import { noteAsked } from "../workspaces/asked-here.ts";
import { ApplicationRow } from "./application-icon.tsx";
import { draftVersion } from "./draft-version.ts";
import { ownSurroundings } from "./own-surroundings.ts";
import { mustAsk } from "./parameters.ts";

export function PersonaCard({ persona }: { readonly persona: VersionView }) {
  const title = `persona-${persona.persona_id}`;
  return (
    <Card withBorder padding="md" component="article" aria-labelledby={title}>
      <Stack gap="sm" h="100%">
        <Group gap="xs" justify="space-between">
          <Title order={3} size="h4" id={title}>
            {visibleText(persona.persona_name)}
          </Title>
          {persona.draft === true && (
            <Badge variant="light" color="gray" tt="none" c="var(--mantine-color-text)">
              your draft
            </Badge>
          )}
        </Group>
        {persona.description !== undefined && <Text size="sm">{visibleText(persona.description)}</Text>}
        <ApplicationRow applications={persona.applications} />
        {persona.demand !== undefined && (
          <Text size="sm" c="dimmed">
            {needsText(persona.demand)}
          </Text>
        )}
        {persona.state === "usable" && <Room persona={persona.persona_id} />}
        <div style={{ flex: 1 }} />
        {persona.state === "usable" ? <Open persona={persona} /> : <Building persona={persona} />}
      </Stack>
    </Card>
  );
}

/** Whether it is free now or how long the queue is. */
function Room({ persona }: { readonly persona: string }) {
  const { live } = useSession();
  const availability = useLive(live, ({ availability: all }) => all[persona]);
  // Its line is kept free: cards do not grow while they are read.
  if (availability === undefined) return <Text size="sm">&nbsp;</Text>;
  const { state, place = 1, message } = availability;
  const [Icon, color, words] =
    state === "now"
      ? ([IconCircleCheck, "var(--mantine-color-green-text)", "free now"] as const)
      : state === "waits"
        ? ([IconHourglass, "var(--mantine-color-yellow-text)", waitWords(place)] as const)
        : ([IconAlertTriangle, "var(--mantine-color-red-text)", "does not fit on this installation"] as const);
  return (
    <Group gap={6} wrap="nowrap" title={message}>
      <Icon size={16} color={color} aria-hidden style={{ flexShrink: 0 }} />
      <Text size="sm">{words}</Text>
    </Group>
  );
}

function waitWords(place: number): string {
  if (place === 1) return "no room now: you would be next in the queue";
  return `no room now: ${place - 1} ${place === 2 ? "waits" : "wait"} before you`;
}

/** One click where nothing must be asked first. */
function Open({ persona }: { readonly persona: VersionView }) {
  const { agent, live } = useSession();
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: () => agent.askForPersona(persona.persona_id, { ...draftVersion(persona), ...ownSurroundings() }),
    onSuccess: ({ id, view }) => {
      live.note(view);
      noteAsked(id);
      return navigate({ to: "/workspaces/$workspace", params: { workspace: id } });
    },
  });
  const form = { to: "/open/$persona", params: { persona: persona.persona_id } } as const;
  const asks = mustAsk(persona);
  const name = visibleText(persona.persona_name);
  const hasOptions = persona.environments.length > 1 || Object.keys(persona.parameters).length > 0;
  return (
    <Stack gap="xs">
      {open.isError && <ErrorNotice error={open.error} what={`${name} was not opened`} retry={() => open.mutate()} />}
      <Group gap="xs">
        {asks ? (
          <ButtonLink {...form} size="sm" aria-label={`Open ${name}`}>
            Open
          </ButtonLink>
        ) : (
          <Button size="sm" loading={open.isPending} onClick={() => open.mutate()} aria-label={`Open ${name}`}>
            Open
          </Button>
        )}
        {!asks && hasOptions && (
          <ButtonLink {...form} variant="subtle" size="sm" leftSection={<IconAdjustments size={16} />} aria-label={`Options of ${name}`}>
            Options
          </ButtonLink>
        )}
      </Group>
    </Stack>
  );
}

function Building({ persona }: { readonly persona: VersionView }) {
  const { agent } = useSession();
  const { build, state, persona_id, version } = persona;
  const mayLook = agent.me.roles.includes("author");
  if (state !== "building") {
    return (
      <Stack gap="xs">
        <Group gap="xs">
          <Badge color="red" variant="outline" c="var(--mantine-color-text)" tt="none" leftSection={<IconAlertTriangle size={12} />}>
            could not be built
          </Badge>
        </Group>
        {build?.message !== undefined && <Text size="sm">{visibleText(build.message)}</Text>}
        {mayLook && (
          <ButtonLink to="/authoring/$persona" params={{ persona: persona_id }} search={{ version }} variant="default" size="xs">
            See its build log
          </ButtonLink>
        )}
      </Stack>
    );
  }
  return (
    <Stack gap={6}>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Badge
          color="blue"
          variant="outline"
          c="var(--mantine-color-text)"
          tt="none"
          leftSection={<IconHammer size={12} />}
          style={{ flexShrink: 0 }}
        >
          building
        </Badge>
        <Text size="sm" c="dimmed" className="cut" title={build?.message}>
          {visibleText(build?.message ?? "waits for its turn")}
        </Text>
      </Group>
      <Progress value={build?.percent ?? 0} aria-label={`Build of ${visibleText(persona.persona_name)}`} />
    </Stack>
  );
}

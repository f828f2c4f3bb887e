import type { VersionView } from "@guise/contract";
import { SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { CommandHint } from "../kit/command-hint.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";
import { WorkspaceCard } from "../workspaces/workspace-card.tsx";
import { useHeldWorkspaces } from "../workspaces/workspace-links.tsx";
import { PersonaCard } from "./persona-card.tsx";

const personasOf = ({ personas }: LivePicture) => personas;

/** By the room that there is beside the menu. */
const COLUMNS = { base: 1, "600px": 2, "1000px": 3, "1500px": 4 };

/** What one holds, then what one may open: the usable ones first. */
export function HomePage() {
  usePageTitle("Personas");
  const personas = useLive(useSession().live, personasOf);
  const held = useHeldWorkspaces();
  const holds = held !== undefined && held.length > 0;
  return (
    <Stack gap="lg" maw={1760}>
      <Title order={1} size="h3">
        Personas
      </Title>
      {/* What one holds comes first: nothing is shown that it would push down. */}
      {held === undefined && <Shape />}
      {holds && (
        <Section title="Your workspaces">
          <SimpleGrid type="container" cols={COLUMNS}>
            {held.map((workspace) => (
              <WorkspaceCard key={workspace.workspace_id} workspace={workspace} />
            ))}
          </SimpleGrid>
        </Section>
      )}
      {held !== undefined && (
        <Section title={holds ? "To open" : "Ready-made environments to open"}>
          {personas === undefined ? <Shape /> : <Personas personas={personas.filter(({ retired }) => retired !== true)} />}
        </Section>
      )}
    </Stack>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Stack gap="sm">
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {children}
      </Stack>
    </section>
  );
}

function Personas({ personas }: { readonly personas: readonly VersionView[] }) {
  if (personas.length === 0) return <Empty />;
  return (
    <SimpleGrid type="container" cols={COLUMNS}>
      {[...personas]
        .sort((a, b) => rank(a) - rank(b))
        .map((persona) => (
          <PersonaCard key={persona.persona_id} persona={persona} />
        ))}
    </SimpleGrid>
  );
}

/** Stable within a rank: the broker sorts by id. */
function rank({ state }: VersionView): number {
  return state === "usable" ? 0 : state === "building" ? 1 : 2;
}

function Empty() {
  const { agent } = useSession();
  if (!agent.me.roles.includes("author"))
    return (
      <Text>
        No persona is open to you yet. An operator adds you to a group that owns one; your groups: {agent.me.groups.join(", ") || "none"}.
      </Text>
    );
  return (
    <Stack gap="xs">
      <Text>There is no persona yet. Publish one from its file, such as a sample of the checkout:</Text>
      <CommandHint command="persona publish personas/data-analyst.json" />
    </Stack>
  );
}

/** The shape of what comes. */
function Shape() {
  return (
    <Awaited what="the list of personas">
      <SimpleGrid type="container" cols={COLUMNS}>
        {["a", "b", "c"].map((key) => (
          <Skeleton key={key} height={190} radius="md" />
        ))}
      </SimpleGrid>
    </Awaited>
  );
}

import type { VersionView } from "@guise/contract";
import { Group, Stack, Table, Text, Title } from "@mantine/core";
import { Awaited } from "../connection/awaited.tsx";
import { Ago } from "../kit/ago.tsx";
import { CommandHint } from "../kit/command-hint.tsx";
import { AnchorLink, ButtonLink } from "../kit/links.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { visibleText } from "../kit/visible-text.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";
import { VersionBadge } from "./version-badge.tsx";

const personasOf = ({ personas }: LivePicture) => personas;

/** All personas that the author sees, each with its current version. */
export function AuthoringPage() {
  usePageTitle("Authoring");
  const personas = useLive(useSession().live, personasOf);
  return (
    <Stack gap="md" maw={1100}>
      <Title order={1} size="h3">
        Personas and their versions
      </Title>
      <Group>
        <ButtonLink to="/authoring/-/new">New persona</ButtonLink>
        <ButtonLink to="/authoring/-/import" variant="default">
          Begin with lists that you have
        </ButtonLink>
        <Text size="sm" c="dimmed">
          requirements.txt, package.json, environment.yml, devcontainer.json and others
        </Text>
      </Group>
      {personas === undefined ? <Awaited what="the list of personas" height={200} /> : <Personas personas={personas} />}
      <Stack gap={4}>
        <Text size="sm">A persona is a file; a new version can be published from it as well:</Text>
        <CommandHint command="persona publish my-persona.json" />
      </Stack>
    </Stack>
  );
}

function Personas({ personas }: { readonly personas: readonly VersionView[] }) {
  if (personas.length === 0) return <Text>There is no persona yet that you may see.</Text>;
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": "Personas" } }}>
      <Table aria-label="Personas" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Persona</Table.Th>
            <Table.Th scope="col">Version</Table.Th>
            <Table.Th scope="col">State</Table.Th>
            <Table.Th scope="col">Owned by</Table.Th>
            <Table.Th scope="col">Published</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {personas.map((persona) => (
            <Table.Tr key={persona.persona_id}>
              <Table.Th scope="row" fw={400}>
                <AnchorLink to="/authoring/$persona" params={{ persona: persona.persona_id }}>
                  {visibleText(persona.persona_name)}
                </AnchorLink>
                <Text size="xs" c="dimmed">
                  {persona.persona_id}
                </Text>
              </Table.Th>
              <Table.Td>
                {persona.version}
                {persona.draft === true && " (your draft)"}
                {persona.retired === true && " (retired)"}
              </Table.Td>
              <Table.Td>
                <VersionBadge version={persona} />
              </Table.Td>
              <Table.Td>{persona.owner_group}</Table.Td>
              <Table.Td>
                <Ago at={persona.published_at} /> by {visibleText(persona.published_by)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

import { formatBuildTime, formatBytes, type VersionView } from "@guise/contract";
import { Badge, Card, Group, ScrollArea, Stack, Table, Tabs, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { AsOf } from "../connection/as-of.tsx";
import { Awaited } from "../connection/awaited.tsx";
import { Ago } from "../kit/ago.tsx";
import { CopyButton } from "../kit/copy-button.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { AnchorLink, ButtonLink } from "../kit/links.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { ContentsPanel } from "./contents-panel.tsx";
import { DifferencePanel } from "./difference-panel.tsx";
import { RetirePersona } from "./retire-persona.tsx";
import { canActOn, VersionActs } from "./version-acts.tsx";
import { VersionBadge } from "./version-badge.tsx";

/** While a build runs, its log and its state are read anew, ms. */
const WHILE_BUILDING = 1000;
const LOOK_EVERY = 10_000;

export function PersonaVersionsPage() {
  const { persona: id } = useParams({ from: "/inside/authoring/$persona" });
  const { version: chosen } = useSearch({ from: "/inside/authoring/$persona" });
  const { agent } = useSession();
  usePageTitle(`Versions of ${id}`);
  const versions = useQuery({
    queryKey: ["versions", id],
    queryFn: () => agent.personas.versions(id),
    refetchInterval: ({ state }) => (state.data?.some(isBuilding) === true ? WHILE_BUILDING : LOOK_EVERY),
  });
  const shown = versions.data?.find(({ version }) => version === chosen) ?? versions.data?.[0];
  return (
    <Stack gap="md" maw={1100}>
      <Stack gap={2}>
        <AnchorLink to="/authoring" size="sm">
          All personas
        </AnchorLink>
        <Title order={1} size="h3">
          {shown === undefined ? id : visibleText(shown.persona_name)}
        </Title>
        <Group>
          <ButtonLink to="/authoring/-/new" search={{ persona: id }} variant="default" size="compact-sm">
            Change it
          </ButtonLink>
          {shown !== undefined && <RetirePersona persona={shown} />}
        </Group>
        {shown?.description !== undefined && <Text>{visibleText(shown.description)}</Text>}
      </Stack>
      {versions.isPending && <Awaited what="the list of versions" height={160} />}
      {versions.data !== undefined && <AsOf at={versions.dataUpdatedAt} every={LOOK_EVERY} />}
      {versions.isError && (
        <ErrorNotice error={versions.error} what="The versions could not be read" retry={() => void versions.refetch()} />
      )}
      {versions.data !== undefined && shown !== undefined && (
        <>
          <Versions versions={versions.data} shown={shown} />
          <VersionDetailCard key={shown.version} version={shown} />
        </>
      )}
    </Stack>
  );
}

function isBuilding({ state, refresh }: VersionView): boolean {
  return state === "building" || refresh?.state === "building";
}

function Versions({ versions, shown }: { readonly versions: readonly VersionView[]; readonly shown: VersionView }) {
  const canAct = versions.some(canActOn);
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": "Versions" } }}>
      <Table aria-label="Versions">
        <Table.Thead>
          <Table.Tr>
            {["Version", "State", "Image", "Built in", "Published", ...(canAct ? ["What may be done"] : [])].map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((version) => (
            <VersionRow key={version.version} version={version} shown={version.version === shown.version} canAct={canAct} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface VersionRowProps {
  readonly version: VersionView;
  readonly shown: boolean;
  /** There is a column for what may be done. */
  readonly canAct: boolean;
}

function VersionRow({ version: row, shown, canAct }: VersionRowProps) {
  const { persona_id, version, latest, draft, build, revision, published_at, published_by } = row;
  return (
    <Table.Tr {...(shown ? { bg: "var(--mantine-color-default-hover)" } : {})}>
      <Table.Th scope="row" fw={400}>
        <Group gap={6} wrap="nowrap">
          <AnchorLink
            to="/authoring/$persona"
            params={{ persona: persona_id }}
            search={{ version }}
            {...(shown ? { "aria-current": "true" as const } : {})}
          >
            {version}
          </AnchorLink>
          {latest && (
            <Badge variant="light" tt="none" c="var(--mantine-color-text)" miw="max-content">
              current
            </Badge>
          )}
          {draft === true && (
            <Badge variant="light" color="gray" tt="none" c="var(--mantine-color-text)" miw="max-content">
              your draft
            </Badge>
          )}
        </Group>
      </Table.Th>
      <Table.Td>
        <VersionBadge version={row} />
      </Table.Td>
      <Table.Td>
        {build?.image_bytes === undefined ? "none yet" : `${formatBytes(build.image_bytes)}, revision ${revision}`}
        {row.refresh !== undefined && (
          <Text size="xs">
            {row.refresh.state === "building"
              ? `packages are renewed, ${Math.round(row.refresh.percent ?? 0)} %`
              : `renewal failed: ${visibleText(row.refresh.message ?? "")}`}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{formatBuildTime(build ?? {})}</Table.Td>
      <Table.Td>
        <Ago at={published_at} /> by {visibleText(published_by)}
      </Table.Td>
      {canAct && <Table.Td>{canActOn(row) && <VersionActs version={row} />}</Table.Td>}
    </Table.Tr>
  );
}

function VersionDetailCard({ version: row }: { readonly version: VersionView }) {
  const { persona_id, version } = row;
  const { agent } = useSession();
  const log = useQuery({
    queryKey: ["build-log", persona_id, version],
    queryFn: () => agent.personas.log(persona_id, version),
    refetchInterval: isBuilding(row) ? WHILE_BUILDING : false,
  });
  const detail = useQuery({ queryKey: ["version", persona_id, version], queryFn: () => agent.personas.version(persona_id, version) });
  const text = detail.data === undefined ? "" : JSON.stringify(detail.data.definition, null, 2);
  return (
    <Card withBorder padding="md">
      <Title order={2} size="h5">
        Version {version}
      </Title>
      <Tabs defaultValue="log" mt="xs" keepMounted={false}>
        <Tabs.List aria-label={`Version ${version}`}>
          <Tabs.Tab value="log">Build log</Tabs.Tab>
          <Tabs.Tab value="definition">Definition</Tabs.Tab>
          {row.build?.image_bytes !== undefined && <Tabs.Tab value="contents">What is in it</Tabs.Tab>}
          {version > 1 && <Tabs.Tab value="difference">What is new</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="log" pt="sm">
          {log.isError && <ErrorNotice error={log.error} what="The log could not be read" />}
          {log.isPending && <Awaited what="the log" height={120} />}
          {log.data !== undefined &&
            (log.data.length === 0 ? (
              <Text size="sm">Nothing has been built for it here: its layers were there already, or its turn has not come.</Text>
            ) : (
              <Lines lines={log.data} what="Build log" />
            ))}
        </Tabs.Panel>
        <Tabs.Panel value="definition" pt="sm">
          {detail.isError && <ErrorNotice error={detail.error} what="The definition could not be read" />}
          {detail.isPending && <Awaited what="the definition" height={120} />}
          {detail.data !== undefined && (
            <Stack gap="xs">
              <Group gap={4}>
                <Text size="sm">The definition as it was published.</Text>
                <CopyButton text={text} what="the definition" />
              </Group>
              <Lines lines={text.split("\n")} what="Definition" />
            </Stack>
          )}
        </Tabs.Panel>
        {row.build?.image_bytes !== undefined && (
          <Tabs.Panel value="contents" pt="sm">
            <ContentsPanel version={row} />
          </Tabs.Panel>
        )}
        {version > 1 && (
          <Tabs.Panel value="difference" pt="sm">
            <DifferencePanel version={row} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Card>
  );
}

function Lines({ lines, what }: { readonly lines: readonly string[]; readonly what: string }) {
  return (
    <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0, role: "region", "aria-label": what }}>
      <Text component="pre" size="xs" ff="monospace" m={0}>
        {lines.map(visibleText).join("\n")}
      </Text>
    </ScrollArea.Autosize>
  );
}

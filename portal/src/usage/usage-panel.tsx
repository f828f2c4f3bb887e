import {
  type ApplicationUsage,
  formatBandwidth,
  formatBytes,
  formatCpu,
  formatDuration,
  type UsageSample,
  type WorkspaceView,
} from "@guise/contract";
import { Card, Group, Progress, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useCallback } from "react";
import { visibleText } from "../kit/visible-text.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";
import { Sparkline } from "./sparkline.tsx";

const NONE: readonly UsageSample[] = [];
const isLost = ({ lostAt }: LivePicture) => lostAt !== undefined;

/** What the workspace uses now, of what it may; per application what was used of it. */
export default function UsagePanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const id = workspace.workspace_id;
  const { live, agent } = useSession();
  const samples = useLive(
    live,
    useCallback(({ usage }: LivePicture) => usage.get(id) ?? NONE, [id]),
  );
  const latest = samples.at(-1);
  const lost = useLive(live, isLost);
  if (latest === undefined)
    return (
      <Text role="status">
        {lost ? "The first figures come when the connection is back." : "The first figures come within five seconds."}
      </Text>
    );
  const { demand } = workspace;
  return (
    <Stack gap="md">
      {agent.me.usage_per_person === true && (
        <Text size="sm">Operators of this installation see what single people use, not only what many do together.</Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
        <Measure name="Cpu" now={latest.cpu} most={demand.cpu} format={formatCpu} series={samples.map(({ cpu }) => cpu)} />
        <Measure name="Memory" now={latest.ram} most={demand.ram} format={formatBytes} series={samples.map(({ ram }) => ram)} />
        <Measure
          name="Storage"
          now={latest.storage}
          most={demand.storage}
          format={formatBytes}
          series={samples.map(({ storage }) => storage)}
        />
        <Measure
          name="Network in"
          now={latest.ingress}
          most={demand.ingress}
          format={formatBandwidth}
          series={samples.map(({ ingress }) => ingress)}
        />
        <Measure
          name="Network out"
          now={latest.egress}
          most={demand.egress}
          format={formatBandwidth}
          series={samples.map(({ egress }) => egress)}
        />
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        Since it was requested: {formatDuration(latest.totals.cpu_time)} of cpu time, {formatBytes(latest.totals.received)} received,{" "}
        {formatBytes(latest.totals.sent)} sent.
      </Text>
      <Applications applications={latest.applications} workspace={workspace} />
    </Stack>
  );
}

interface MeasureProps {
  readonly name: string;
  readonly now: number;
  readonly most: number;
  format(amount: number): string;
  readonly series: readonly number[];
}

function Measure({ name, now, most, format, series }: MeasureProps) {
  const percent = most === 0 ? 0 : Math.min(100, Math.round((100 * now) / most));
  return (
    <Card withBorder padding="sm">
      <Stack gap={6}>
        <Group justify="space-between" gap="xs">
          <Title order={3} size="h6">
            {name}
          </Title>
          <Text size="sm">
            {format(Math.round(now))} <Text span c="dimmed" size="sm">{`of ${format(most)}`}</Text>
          </Text>
        </Group>
        <Progress value={percent} size="sm" aria-label={`${name}: ${percent} %`} />
        <Sparkline values={series} most={most} name={name} />
      </Stack>
    </Card>
  );
}

function Applications({
  applications,
  workspace,
}: {
  readonly applications: readonly ApplicationUsage[];
  readonly workspace: WorkspaceView;
}) {
  if (applications.length === 0) return <Text size="sm">No application has been launched yet.</Text>;
  const nameOf = (id: string) => visibleText(workspace.applications.find(({ application }) => application === id)?.name ?? id);
  return (
    <Table.ScrollContainer
      minWidth={560}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": "Applications" } }}
    >
      <Table aria-label="Applications">
        <Table.Thead>
          <Table.Tr>
            {["Application", "Launches", "Running", "Cpu time", "Cpu now", "Memory now", "Memory, most"].map((head, column) => (
              <Table.Th key={head} scope="col" ta={column === 0 ? "left" : "right"}>
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {applications.map((one) => (
            <Table.Tr key={one.application}>
              <Table.Th scope="row" fw={400}>
                {nameOf(one.application)}
              </Table.Th>
              {[
                String(one.launches),
                formatDuration(one.running),
                formatDuration(one.cpu_time),
                formatCpu(Math.round(one.cpu)),
                formatBytes(one.ram),
                formatBytes(one.ram_peak),
              ].map((text, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed
                <Table.Td key={column} ta="right">
                  {text}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

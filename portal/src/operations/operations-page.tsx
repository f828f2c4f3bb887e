import { type Amounts, DIMENSIONS, type Dimension, formatBandwidth, formatBytes, formatCpu, REASONS, type Status } from "@guise/contract";
import { Alert, Badge, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { AsOf } from "../connection/as-of.tsx";
import { Awaited } from "../connection/awaited.tsx";
import { Ago } from "../kit/ago.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import type { Column } from "../tables/column.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { useTableOrder } from "../tables/use-table-order.ts";
import { DataSources } from "./data-sources.tsx";
import { PackageSources } from "./package-sources.tsx";

const LOOK_EVERY = 2000;

/** Capacity per node and dimension, and the queue with its reasons. */
export function OperationsPage() {
  usePageTitle("Operations");
  const { agent } = useSession();
  const status = useQuery({ queryKey: ["status"], queryFn: () => agent.admin.status(), refetchInterval: LOOK_EVERY });
  return (
    <Stack gap="lg" maw={1100}>
      <Title order={1} size="h3">
        Operations
      </Title>
      {status.isPending && <Awaited what="the status" height={240} />}
      {status.isError && (
        <ErrorNotice
          error={status.error}
          what="The status could not be read; what stands here may be old"
          retry={() => void status.refetch()}
        />
      )}
      {status.data !== undefined && (
        <>
          <AsOf at={status.dataUpdatedAt} every={LOOK_EVERY} />
          <StatusView status={status.data} />
          <DataSources />
          <PackageSources />
        </>
      )}
    </Stack>
  );
}

function StatusView({ status }: { readonly status: Status }) {
  const { engine, nodes, workspaces, queue, builds, pools } = status;
  return (
    <>
      {!engine.reachable && (
        <Alert color="red" title="The engine does not answer" role="alert">
          What runs goes on; nothing new can start until it answers.
        </Alert>
      )}
      {engine.warnings.map((warning) => (
        <Alert key={warning} color="yellow" title="The engine warns">
          {visibleText(warning)}
        </Alert>
      ))}
      <section aria-labelledby="capacity">
        <Stack gap="sm">
          <Title order={2} size="h4" id="capacity">
            Capacity
          </Title>
          {nodes.map((node) => (
            <Card key={node.node} withBorder padding="md">
              <Title order={3} size="h5" mb="xs">
                {node.node}
              </Title>
              <Stack gap="sm">
                {DIMENSIONS.map((dimension) => (
                  <DimensionLine key={dimension} dimension={dimension} node={node} />
                ))}
              </Stack>
            </Card>
          ))}
          <Group gap="xs">
            {Object.entries(workspaces).map(([state, count]) => (
              <Badge key={state} variant="default" tt="none">
                {count} {state}
              </Badge>
            ))}
            {Object.entries(pools).map(([pool, count]) => (
              <Badge key={pool} variant="default" tt="none">
                {count} {pool} kept ready
              </Badge>
            ))}
          </Group>
        </Stack>
      </section>
      <section aria-labelledby="queue">
        <Stack gap="sm">
          <Title order={2} size="h4" id="queue">
            Queue
          </Title>
          {queue.length === 0 ? <Text>Nobody waits.</Text> : <Queue queue={queue} />}
          {(workspaces.queued ?? 0) > queue.length && queue.length > 0 && (
            <Text c="dimmed">and {(workspaces.queued ?? 0) - queue.length} more behind them</Text>
          )}
        </Stack>
      </section>
      {builds.length > 0 && (
        <section aria-labelledby="builds">
          <Stack gap="sm">
            <Title order={2} size="h4" id="builds">
              Builds
            </Title>
            {builds.map(({ persona_id, version, message, percent }) => (
              <div key={`${persona_id} ${version}`}>
                <Text size="sm">
                  {persona_id}, version {version}: {visibleText(message ?? "waits for its turn")}
                </Text>
                <Progress value={percent ?? 0} aria-label={`Build of ${persona_id}`} />
              </div>
            ))}
          </Stack>
        </section>
      )}
    </>
  );
}

const NAMES: Readonly<Record<Dimension, string>> = {
  cpu: "Cpu",
  ram: "Memory",
  storage: "Storage",
  ingress: "Network in",
  egress: "Network out",
};
const FORMATS: Readonly<Record<Dimension, (amount: number) => string>> = {
  cpu: formatCpu,
  ram: formatBytes,
  storage: formatBytes,
  ingress: formatBandwidth,
  egress: formatBandwidth,
};

function DimensionLine({
  dimension,
  node,
}: {
  readonly dimension: Dimension;
  readonly node: {
    capacity: Amounts;
    allocated: Amounts;
    free: Amounts;
    assumed: readonly string[];
    explained?: Readonly<Record<string, string>> | undefined;
  };
}) {
  const format = FORMATS[dimension];
  const [all, given] = [node.capacity[dimension], node.allocated[dimension]];
  const percent = all === 0 ? 0 : Math.min(100, Math.round((100 * given) / all));
  const name = NAMES[dimension];
  const explained = node.explained?.[dimension];
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500}>
          {name}
          {node.assumed.includes(dimension) && (
            <Text span size="sm" c="dimmed">
              {" "}
              (assumed)
            </Text>
          )}
        </Text>
        <Text size="sm">
          {format(given)} given of {format(all)} · {format(node.free[dimension])} free
        </Text>
      </Group>
      <Progress value={percent} aria-label={`${name} given: ${percent} %`} />
      {explained !== undefined && (
        <Text size="xs" c="dimmed">
          {format(all)} = {visibleText(explained)}
        </Text>
      )}
    </div>
  );
}

const QUEUE_COLUMNS: readonly Column<Status["queue"][number]>[] = [
  { head: "Place", value: ({ place }) => place },
  { head: "Who", value: ({ owner }) => owner },
  { head: "Persona", value: ({ persona_id }) => persona_id },
  { head: "Priority", value: ({ priority }) => priority },
  { head: "Why it waits", value: ({ message, reason }) => message || (REASONS[reason as keyof typeof REASONS] ?? reason) },
  { head: "Since", value: ({ since }) => since, cell: ({ since }) => <Ago at={since} /> },
];

function Queue({ queue }: { readonly queue: Status["queue"] }) {
  const table = useTableOrder(queue, QUEUE_COLUMNS);
  return (
    <>
      <Group justify="flex-end">
        <CsvButton table="Queue" columns={QUEUE_COLUMNS} rows={() => queue} />
      </Group>
      <DataTable name="Queue" columns={QUEUE_COLUMNS} minWidth={640} keyOf={({ workspace_id }) => workspace_id} {...table} />
    </>
  );
}

import { type DataSourceView, EVERYONE, listed } from "@guise/contract";
import { Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import type { Column } from "../tables/column.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { useTableOrder } from "../tables/use-table-order.ts";

const KINDS: Readonly<Record<DataSourceView["kind"], string>> = { volume: "folder", postgres: "PostgreSQL" };

/** What personas name as their data, and whom it is lent to. */
export function DataSources() {
  const { agent } = useSession();
  const sources = useQuery({ queryKey: ["data-sources"], queryFn: () => agent.admin.dataSources() });
  return (
    <section aria-labelledby="data-sources">
      <Stack gap="sm">
        <Title order={2} size="h4" id="data-sources">
          Data sources
        </Title>
        {sources.isError && (
          <ErrorNotice error={sources.error} what="The data sources could not be read" retry={() => void sources.refetch()} />
        )}
        {sources.data !== undefined && <SourceTable sources={sources.data} />}
      </Stack>
    </section>
  );
}

const COLUMNS: readonly Column<DataSourceView>[] = [
  { head: "Name", value: ({ source }) => source },
  { head: "Kind", value: ({ kind }) => KINDS[kind] },
  {
    head: "Where",
    value: ({ place }) => place,
    cell: ({ place }) => <span style={{ overflowWrap: "anywhere" }}>{visibleText(place)}</span>,
  },
  { head: "Access", value: ({ writable }) => (writable ? "read, write" : "read") },
  { head: "Named by personas of", value: ({ referenced_by }) => groupsText(referenced_by) },
  { head: "Given to", value: ({ received_by }) => groupsText(received_by) },
  { head: "Workspaces with it", value: ({ held, being_removed }) => (being_removed ? `${held}, being removed` : String(held)) },
];

function groupsText(groups: readonly string[]): string {
  return groups.includes(EVERYONE) ? "everybody" : listed(groups);
}

function SourceTable({ sources }: { readonly sources: readonly DataSourceView[] }) {
  const table = useTableOrder(sources, COLUMNS);
  return (
    <>
      <Group justify="flex-end">
        <CsvButton table="Data sources" columns={COLUMNS} rows={() => sources} />
      </Group>
      <DataTable name="Data sources" columns={COLUMNS} minWidth={820} keyOf={({ source }) => source} {...table} />
    </>
  );
}

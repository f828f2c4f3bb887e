import { formatBytes, formatDuration, type UsedOverTime } from "@guise/contract";
import { Group, Stack, Text, Title } from "@mantine/core";
import { visibleText } from "../kit/visible-text.ts";
import type { Column } from "../tables/column.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { useTableOrder } from "../tables/use-table-order.ts";
import { DayBars } from "./day-bars.tsx";

interface UsedTableProps {
  /** Of what: "Personas". */
  readonly name: string;
  readonly rows: readonly UsedOverTime[];
  readonly leftOut: number;
  readonly leastPeople: number;
  /** The first day that is looked at, and how many. */
  readonly since: string;
  readonly span: number;
  /** They are launched; else they are workspaces that were ready. */
  readonly isLaunched?: boolean;
}

/** What was used over the days, with its course; what too few people used is said to be left out. */
export function UsedTable({ name, rows, leftOut, leastPeople, since, span, isLaunched = false }: UsedTableProps) {
  const columns = columnsOf(name, since, span, isLaunched);
  const table = useTableOrder(rows, columns);
  const id = name.toLowerCase();
  return (
    <section aria-labelledby={`used-${id}`}>
      <Stack gap="sm">
        <Group justify="space-between" align="end">
          <Title order={2} size="h4" id={`used-${id}`}>
            {name}
          </Title>
          {rows.length > 0 && <CsvButton table={`Usage of ${id}`} columns={columns} rows={() => rows} />}
        </Group>
        {rows.length === 0 && leftOut === 0 && <Text>Nothing was used in these days.</Text>}
        {rows.length > 0 && <DataTable name={`Usage of ${id}`} columns={columns} minWidth={720} keyOf={(row) => row.name} {...table} />}
        {leftOut > 0 && (
          <Text size="sm">
            {leftOut} {rows.length > 0 ? "more" : ""} {leftOut === 1 ? "is" : "are"} left out: fewer than {leastPeople} people used{" "}
            {leftOut === 1 ? "it" : "each"}, and what single people do is shown to nobody else.
          </Text>
        )}
      </Stack>
    </section>
  );
}

function columnsOf(name: string, since: string, span: number, isLaunched: boolean): readonly Column<UsedOverTime>[] {
  const launches: Column<UsedOverTime> = { head: "Launches", value: ({ launches: count }) => count };
  return [
    { head: name.replace(/s$/, ""), value: (row) => row.name, cell: (row) => visibleText(row.name) },
    { head: "People", value: ({ people }) => people },
    ...(isLaunched ? [launches] : []),
    {
      head: isLaunched ? "Ran" : "In use",
      unit: "hours",
      value: ({ running }) => Math.round((running / 3_600_000) * 100) / 100,
      cell: ({ running }) => formatDuration(running),
    },
    {
      head: "Cpu time",
      unit: "hours",
      value: ({ cpu_time }) => Math.round((cpu_time / 3_600_000) * 100) / 100,
      cell: ({ cpu_time }) => formatDuration(cpu_time),
    },
    { head: "Most memory", unit: "bytes", value: ({ ram_peak }) => ram_peak, cell: ({ ram_peak }) => formatBytes(ram_peak) },
    {
      head: "Day by day",
      unit: "hours",
      value: ({ days }) => days.map(({ day, running }) => `${day}: ${Math.round((running / 3_600_000) * 100) / 100}`).join("; "),
      cell: (row) => <DayBars used={row} since={since} span={span} />,
    },
  ];
}

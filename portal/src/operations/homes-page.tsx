import { formatBytes, type HomeView } from "@guise/contract";
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
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
import { DeleteHomeDialog } from "./delete-home-dialog.tsx";

const LOOK_EVERY = 10_000;

const STATES: Readonly<Record<HomeView["state"], string>> = {
  in_use: "in use",
  kept: "kept",
  missing: "its files are missing",
  being_deleted: "being deleted",
  quarantined: "nobody's known",
};
/** What a workspace has goes with that. */
const CAN_GO: ReadonlySet<HomeView["state"]> = new Set(["kept", "missing", "quarantined"]);

const COLUMNS: readonly Column<HomeView>[] = [
  { head: "Person", value: ({ owner }) => owner ?? "nobody" },
  {
    head: "Persona",
    value: ({ persona_id }) => persona_id,
    cell: ({ persona_id, name, environment }) => (
      <>
        {persona_id}
        <Text size="xs" c="dimmed">
          {[name === "main" ? undefined : name, environment].filter((part) => part !== undefined).join(" · ")}
        </Text>
      </>
    ),
  },
  { head: "State", value: ({ state }) => STATES[state] },
  { head: "Takes", unit: "bytes", value: ({ taken }) => taken, cell: ({ taken }) => formatBytes(taken) },
  { head: "May take", unit: "bytes", value: ({ bytes }) => bytes, cell: ({ bytes }) => formatBytes(bytes) },
  { head: "Charged to", value: ({ charged_to }) => charged_to },
  { head: "Last used", value: ({ used_at }) => used_at, cell: ({ used_at }) => (used_at === undefined ? null : <Ago at={used_at} />) },
  { head: "Home", value: ({ home }) => home },
];

/** Everybody's homes: what they take, and the way to delete what is kept. Nobody looks into them from here. */
export function HomesPage() {
  usePageTitle("Homes of everybody");
  const { agent } = useSession();
  const homes = useQuery({
    queryKey: ["everybody's homes"],
    queryFn: () => agent.homes.list({ everyone: true }),
    refetchInterval: LOOK_EVERY,
  });
  const [deleted, setDeleted] = useState<HomeView>();
  const table = useTableOrder(homes.data ?? [], COLUMNS);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="end">
        <Title order={1} size="h3">
          Homes of everybody
        </Title>
        <CsvButton table="Homes" columns={COLUMNS} rows={() => homes.data ?? []} />
      </Group>
      <Text size="sm">
        A home has the files of a workspace. One that is kept stays, and is charged for, until its person or an operator deletes it.
      </Text>
      {homes.isPending && <Awaited what="the list of homes" height={200} />}
      {homes.isError && (
        <ErrorNotice
          error={homes.error}
          what="The homes could not be read; what stands here may be old"
          retry={() => void homes.refetch()}
        />
      )}
      {homes.data?.length === 0 && <Text>There is no home.</Text>}
      {(homes.data?.length ?? 0) > 0 && (
        <DataTable
          name="Homes"
          columns={COLUMNS}
          minWidth={880}
          keyOf={({ home }) => home}
          acts={(home) =>
            CAN_GO.has(home.state) && (
              <Button
                variant="default"
                size="xs"
                onClick={() => setDeleted(home)}
                aria-label={`Delete the home ${home.home} of ${visibleText(home.owner ?? "nobody")}`}
              >
                Delete …
              </Button>
            )
          }
          {...table}
        />
      )}
      {deleted !== undefined && <DeleteHomeDialog home={deleted} close={() => setDeleted(undefined)} />}
    </Stack>
  );
}

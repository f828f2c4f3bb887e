import { type WORKSPACE_ORDERS, WORKSPACE_STATES, type WorkspaceState, type WorkspaceView } from "@guise/contract";
import { Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { AsOf } from "../connection/as-of.tsx";
import { Awaited } from "../connection/awaited.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { stateWord } from "../kit/state-badge.tsx";
import { useSession } from "../session/session.ts";
import { nextOrder } from "../tables/column.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { StopButton } from "./stop-button.tsx";
import { ORDER_OF, peopleByAccount, workspaceColumns } from "./workspace-columns.tsx";
import { type WorkspacesSearch, workspacesSearch } from "./workspaces-search.ts";

const LOOK_EVERY = 4000;
const ON_A_PAGE = 100;
/** Ms without a key after which what was typed is looked for. */
const TYPED_UNTIL = 300;

/** Everybody's workspaces: that they are there, what they hold and why, and how they are stopped. Nobody looks into them from here. */
export function WorkspacesPage() {
  usePageTitle("Workspaces of everybody");
  const { agent } = useSession();
  const listing = workspacesSearch(useSearch({ from: "/inside/operations/workspaces" }));
  const accounts = useQuery({ queryKey: ["accounts"], queryFn: () => agent.admin.accounts() });
  const pages = useInfiniteQuery({
    queryKey: ["everybody's workspaces", listing],
    queryFn: ({ pageParam }) => agent.admin.workspaces(listing, { limit: ON_A_PAGE, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: LOOK_EVERY,
    placeholderData: (before) => before,
  });
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const columns = workspaceColumns(peopleByAccount(accounts.data ?? []));
  const table = "Workspaces";
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="end">
        <Title order={1} size="h3">
          Workspaces of everybody
        </Title>
        <CsvButton table={table} columns={columns} rows={() => agent.admin.everyWorkspace(listing)} />
      </Group>
      <Filters listing={listing} />
      {pages.isPending && <Awaited what="the list of workspaces" height={240} />}
      {pages.isError && (
        <ErrorNotice
          error={pages.error}
          what="The workspaces could not be read; what stands here may be old"
          retry={() => void pages.refetch()}
        />
      )}
      {pages.data !== undefined && <AsOf at={pages.dataUpdatedAt} every={LOOK_EVERY} />}
      {pages.data !== undefined && rows.length === 0 && <Text>{nothingFound(listing)}</Text>}
      {rows.length > 0 && <Workspaces table={table} rows={rows} columns={columns} listing={listing} />}
      {pages.hasNextPage && (
        <Group>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Show more
          </Button>
          <Text size="sm">The first {rows.length} are shown.</Text>
        </Group>
      )}
    </Stack>
  );
}

function nothingFound({ state, search }: WorkspacesSearch): string {
  if (state === undefined && search === undefined) return "Nobody has a workspace.";
  return `There is no workspace ${state === undefined ? "" : `that is ${stateWord(state)} `}${search === undefined ? "" : `with “${search}” in its names`}`
    .trimEnd()
    .concat(".");
}

function Filters({ listing }: { readonly listing: WorkspacesSearch }) {
  const navigate = useNavigate({ from: "/operations/workspaces" });
  const change = (changed: Partial<WorkspacesSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true, resetScroll: false });
  const [search, setSearch] = useState(listing.search ?? "");
  const look = useDebouncedCallback((text: string) => change({ search: text.trim() === "" ? undefined : text.trim() }), TYPED_UNTIL);
  return (
    <Group gap="sm" align="end">
      <TextInput
        label="Person, persona or id"
        value={search}
        onChange={({ currentTarget }) => {
          setSearch(currentTarget.value);
          look(currentTarget.value);
        }}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
      />
      <Select
        label="State"
        placeholder="all but given back"
        clearable
        clearButtonProps={{ "aria-label": "All states" }}
        data={WORKSPACE_STATES.map((state) => ({ value: state, label: stateWord(state) }))}
        value={listing.state ?? null}
        onChange={(state) => change({ state: (state as WorkspaceState | null) ?? undefined })}
      />
    </Group>
  );
}

interface WorkspacesProps {
  readonly table: string;
  readonly rows: readonly WorkspaceView[];
  readonly columns: ReturnType<typeof workspaceColumns>;
  readonly listing: WorkspacesSearch;
}

function Workspaces({ table, rows, columns, listing }: WorkspacesProps) {
  const navigate = useNavigate({ from: "/operations/workspaces" });
  const { order = "requested", descending = false } = listing;
  const orderBy = (head: string) => {
    const next = nextOrder({ head: headOf(order), descending }, head);
    const search = { order: ORDER_OF[next.head], ...(next.descending ? { descending: true } : { descending: undefined }) };
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true, resetScroll: false });
  };
  return (
    <DataTable
      name={table}
      columns={columns}
      rows={rows}
      minWidth={960}
      order={{ head: headOf(order), descending }}
      orderBy={orderBy}
      orders={({ head }) => head in ORDER_OF}
      keyOf={({ workspace_id }) => workspace_id}
      acts={(row) => <StopButton workspace={row} />}
    />
  );
}

function headOf(order: (typeof WORKSPACE_ORDERS)[number]): string {
  return Object.keys(ORDER_OF).find((head) => ORDER_OF[head] === order) ?? "";
}

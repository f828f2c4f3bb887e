import { EVERYONE, listed, type PackageSourceView } from "@guise/contract";
import { Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import type { Column } from "../tables/column.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { useTableOrder } from "../tables/use-table-order.ts";

const KINDS: Readonly<Record<PackageSourceView["manager"], string>> = { apt: "apt repository", pip: "Python index", npm: "npm registry" };

/** Where packages come from beside the installation's mirrors; how one is added is told where there is none. */
export function PackageSources() {
  const { agent } = useSession();
  const sources = useQuery({ queryKey: ["package-sources"], queryFn: () => agent.admin.packageSources() });
  return (
    <section aria-labelledby="package-sources">
      <Stack gap="sm">
        <Title order={2} size="h4" id="package-sources">
          Package sources
        </Title>
        {sources.isError && (
          <ErrorNotice error={sources.error} what="The package sources could not be read" retry={() => void sources.refetch()} />
        )}
        {sources.data?.length === 0 && (
          <Text>
            Packages come from the mirrors of this machine alone. An operator adds a source by <code>guise admin packages source add</code>.
          </Text>
        )}
        {(sources.data?.length ?? 0) > 0 && <SourceTable sources={sources.data ?? []} />}
      </Stack>
    </section>
  );
}

const COLUMNS: readonly Column<PackageSourceView>[] = [
  { head: "Name", value: ({ source }) => source },
  { head: "Kind", value: ({ manager }) => KINDS[manager] },
  {
    head: "Address",
    value: addressOf,
    cell: (source) => <span style={{ overflowWrap: "anywhere" }}>{visibleText(addressOf(source))}</span>,
  },
  { head: "For personas of", value: ({ groups }) => (groups.includes(EVERYONE) ? "everybody" : listed(groups)) },
  { head: "Opened by", value: ({ has_login }) => (has_login ? "a login of its own" : "nothing: it is open") },
];

function addressOf({ url, suites, components, scopes }: PackageSourceView): string {
  return [url, ...suites, ...components, ...scopes].join(" ");
}

function SourceTable({ sources }: { readonly sources: readonly PackageSourceView[] }) {
  const table = useTableOrder(sources, COLUMNS);
  return (
    <>
      <Group justify="flex-end">
        <CsvButton table="Package sources" columns={COLUMNS} rows={() => sources} />
      </Group>
      <DataTable name="Package sources" columns={COLUMNS} minWidth={640} keyOf={({ source }) => source} {...table} />
    </>
  );
}

import { EVERYONE, listed, type PackageSourceView } from "@guise/contract";
import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { HeadedTable } from "../kit/headed-table.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";

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

function SourceTable({ sources }: { readonly sources: readonly PackageSourceView[] }) {
  return (
    <HeadedTable name="Package sources" minWidth={640} heads={["Name", "Kind", "Address", "For personas of", "Opened by"]}>
      {sources.map(({ source, manager, url, suites, components, scopes, groups, has_login }) => (
        <Table.Tr key={source}>
          <Table.Td>{source}</Table.Td>
          <Table.Td>{KINDS[manager]}</Table.Td>
          <Table.Td style={{ overflowWrap: "anywhere" }}>{visibleText([url, ...suites, ...components, ...scopes].join(" "))}</Table.Td>
          <Table.Td>{groups.includes(EVERYONE) ? "everybody" : listed(groups)}</Table.Td>
          <Table.Td>{has_login ? "a login of its own" : "nothing: it is open"}</Table.Td>
        </Table.Tr>
      ))}
    </HeadedTable>
  );
}

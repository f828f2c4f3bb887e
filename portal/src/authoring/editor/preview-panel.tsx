import type { PreviewedEnvironment } from "@guise/contract";
import { formatAmounts } from "@guise/contract";
import { Code, List, Select, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Awaited } from "../../connection/awaited.tsx";
import { ErrorNotice } from "../../kit/error-notice.tsx";
import { HeadedTable } from "../../kit/headed-table.tsx";
import { visibleText } from "../../kit/visible-text.ts";
import { useSession } from "../../session/session.ts";

interface PreviewPanelProps {
  /** That has been found valid. */
  readonly document: string;
  readonly group: string | undefined;
}

/** What a workspace of the draft would be, environment by environment. */
export function PreviewPanel({ document, group }: PreviewPanelProps) {
  const { agent } = useSession();
  const [chosen, setChosen] = useState<string>();
  const preview = useQuery({
    queryKey: ["preview", document, group],
    queryFn: () => agent.personas.preview(document, group),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (preview.isPending) return <Awaited what="the preview" height={200} />;
  if (preview.isError) return <ErrorNotice error={preview.error} what="It could not be shown" />;
  const { environments } = preview.data;
  const shown = environments.find(({ environment }) => environment === chosen) ?? environments[0];
  return (
    <Stack gap="sm">
      {environments.length > 1 && (
        <Select
          label="In the environment"
          data={environments.map(({ environment }) => environment)}
          value={shown?.environment ?? null}
          allowDeselect={false}
          onChange={(next) => setChosen(next ?? undefined)}
        />
      )}
      {shown !== undefined && <Previewed environment={shown} />}
    </Stack>
  );
}

function Previewed({ environment: { may, demand, launch, variables, files, problems } }: { readonly environment: PreviewedEnvironment }) {
  return (
    <>
      <section aria-labelledby="may">
        <Title order={3} size="h6" id="may">
          A workspace of it
        </Title>
        <List size="sm">
          {may.map((sentence) => (
            <List.Item key={sentence}>{visibleText(sentence)}</List.Item>
          ))}
        </List>
      </section>
      {demand !== undefined && <Text size="sm">It holds {formatAmounts(demand)}.</Text>}
      {launch.length > 0 && <Text size="sm">Opens by itself: {launch.map(visibleText).join(", ")}.</Text>}
      {problems.length > 0 && (
        <Stack gap={2}>
          <Text size="sm">Its files and variables are not known before somebody asks:</Text>
          {problems.map(({ path, message }) => (
            <Text size="sm" key={`${path} ${message}`}>
              {visibleText(path)}: {visibleText(message)}
            </Text>
          ))}
        </Stack>
      )}
      {variables.length > 0 && (
        <HeadedTable name="Variables" minWidth={320} maxHeight={260} heads={["Variable", "Value"]}>
          {variables.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Td ff="monospace" fz="xs">
                {visibleText(name)}
              </Table.Td>
              <Table.Td fz="sm">{visibleText(value)}</Table.Td>
            </Table.Tr>
          ))}
        </HeadedTable>
      )}
      {files.map(({ path, apply, content }) => (
        <details key={path}>
          <summary>
            <Text size="sm" span ff="monospace">
              {visibleText(path)}
            </Text>{" "}
            <Text size="xs" span c="dimmed">
              {APPLIES[apply]}
            </Text>
          </summary>
          <Code block>{content.split("\n").map(visibleText).join("\n")}</Code>
        </details>
      ))}
    </>
  );
}

const APPLIES: Readonly<Record<PreviewedEnvironment["files"][number]["apply"], string>> = {
  default: "added once; the person's changes stay",
  enforced: "its keys are set at every start",
  replace: "written at every start",
};

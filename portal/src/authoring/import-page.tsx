import type { ImportedLists, ImportRow } from "@guise/contract";
import { Badge, Button, Code, FileButton, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { CopyButton } from "../kit/copy-button.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { HeadedTable } from "../kit/headed-table.tsx";
import { AnchorLink } from "../kit/links.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { leaveDraft } from "./editor/new-draft.ts";
import { type LookedAt, readLists } from "./read-lists.ts";

const KINDS =
  "They may be requirements.txt, pyproject.toml, environment.yml, package.json, apt.txt, Aptfile, devcontainer.json, .tool-versions; several become one persona.";

/** From lists that somebody has to a persona that can be requested. */
export function ImportPage() {
  usePageTitle("Import lists");
  const { agent } = useSession();
  const [lookedAt, setLookedAt] = useState<LookedAt>();
  const read = useMutation({
    mutationFn: async ({ chosen, before }: { readonly chosen: readonly File[]; readonly before: LookedAt | undefined }) => {
      const request = await readLists(chosen, before);
      return { request, imported: await agent.personas.import(request) };
    },
    onSuccess: setLookedAt,
  });
  return (
    <Stack gap="md" maw={1100}>
      <Stack gap={2}>
        <AnchorLink to="/authoring" size="sm">
          All personas
        </AnchorLink>
        <Title order={1} size="h3">
          A persona of lists that you have
        </Title>
        <Text size="sm">{KINDS}</Text>
      </Stack>
      <Group>
        <FileButton multiple onChange={(chosen) => read.mutate({ chosen, before: undefined })}>
          {(props) => (
            <Button {...props} loading={read.isPending}>
              Choose lists
            </Button>
          )}
        </FileButton>
        {lookedAt !== undefined && (
          <FileButton multiple onChange={(chosen) => read.mutate({ chosen, before: lookedAt })}>
            {(props) => (
              <Button {...props} variant="default" loading={read.isPending}>
                Add files
              </Button>
            )}
          </FileButton>
        )}
        {lookedAt !== undefined && <Text size="sm">{lookedAt.request.files.map(({ name }) => visibleText(name)).join(", ")}</Text>}
      </Group>
      {read.isError && <ErrorNotice error={read.error} what="The lists could not be read" />}
      {lookedAt !== undefined && <Imported key={read.submittedAt} imported={lookedAt.imported} />}
    </Stack>
  );
}

function Imported({ imported: { rows, wanted, document } }: { readonly imported: ImportedLists }) {
  const count = (outcome: ImportRow["outcome"]) => rows.filter((row) => row.outcome === outcome).length;
  return (
    <Stack gap="md">
      {wanted.length > 0 && <Text role="status">They name further files; add them as well: {wanted.map(visibleText).join(", ")}.</Text>}
      <Text role="status">
        {count("carried")} carried, {count("changed")} changed, {count("not_carried")} not carried
      </Text>
      <Rows rows={rows} />
      {document === undefined ? <Text>Nothing of it could be carried, so there is no draft.</Text> : <Draft document={document} />}
    </Stack>
  );
}

const LOOKS: Readonly<Record<ImportRow["outcome"], { readonly word: string; readonly color: string }>> = {
  carried: { word: "carried", color: "green" },
  changed: { word: "changed", color: "yellow" },
  not_carried: { word: "not carried", color: "red" },
};

function Rows({ rows }: { readonly rows: readonly ImportRow[] }) {
  return (
    <HeadedTable name="What became of each line" minWidth={640} maxHeight={420} heads={["Outcome", "Where", "Line", "Becomes, or why not"]}>
      {rows.map(({ file, line, text, outcome, becomes, why }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows never change, and two may be alike
        <Table.Tr key={index}>
          <Table.Td>
            <Badge variant="outline" color={LOOKS[outcome].color} c="var(--mantine-color-text)" tt="none" fw={500} miw="max-content">
              {LOOKS[outcome].word}
            </Badge>
          </Table.Td>
          <Table.Td>{visibleText(line === undefined ? file : `${file}:${line}`)}</Table.Td>
          <Table.Td ff="monospace" fz="xs">
            {visibleText(text)}
          </Table.Td>
          <Table.Td>
            {becomes !== undefined && (
              <Text size="xs" ff="monospace">
                {visibleText(becomes)}
              </Text>
            )}
            {why !== undefined && <Text size="sm">{visibleText(why)}</Text>}
          </Table.Td>
        </Table.Tr>
      ))}
    </HeadedTable>
  );
}

/** The draft goes on in the editor, where it is changed, checked and published. */
function Draft({ document }: { readonly document: string }) {
  const navigate = useNavigate();
  return (
    <Stack gap="sm">
      <Group>
        <Button
          onClick={() => {
            leaveDraft(document);
            void navigate({ to: "/authoring/-/new" });
          }}
        >
          Go on with the draft
        </Button>
        <CopyButton text={document} what="the draft" />
      </Group>
      <Code block mah={420} style={{ overflow: "auto" }} tabIndex={0} role="region" aria-label="Draft">
        {document.split("\n").map(visibleText).join("\n")}
      </Code>
    </Stack>
  );
}

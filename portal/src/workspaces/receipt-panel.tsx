import { formatAmounts, formatBytes, heldText, visibleText, type WorkspaceView } from "@guise/contract";
import { Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { Ago } from "../kit/ago.tsx";
import { ButtonLink } from "../kit/links.tsx";

export function ReceiptPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { receipt } = workspace;
  return (
    <Stack gap="md" maw={720}>
      <Card withBorder padding="md">
        <Stack gap="xs">
          <Title order={2} size="h5">
            Receipt
          </Title>
          {receipt === undefined ? (
            <Text size="sm">It was given back without one.</Text>
          ) : (
            <Table variant="vertical" layout="fixed" aria-label="Receipt">
              <Table.Tbody>
                <Row what="Given back">
                  <Ago at={receipt.released_at} />
                </Row>
                {receipt.note !== undefined && <Row what="Because">{visibleText(receipt.note)}</Row>}
                <Row what="Resources">{heldText(receipt)}</Row>
                <Row what="Freed">{formatAmounts(receipt.freed)}</Row>
                <Row what="Deleted">{receipt.deleted.join(", ") || "nothing"}</Row>
                <Row what="Kept">
                  {receipt.kept.length === 0
                    ? "nothing"
                    : receipt.kept
                        .map(({ what, bytes, charged_to }) => `${what}, ${formatBytes(bytes)}, charged to ${charged_to}`)
                        .join("; ")}
                </Row>
              </Table.Tbody>
            </Table>
          )}
        </Stack>
      </Card>
      <Group>
        <ButtonLink to="/">To your personas</ButtonLink>
      </Group>
    </Stack>
  );
}

function Row({ what, children }: { readonly what: string; readonly children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={120} scope="row">
        {what}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

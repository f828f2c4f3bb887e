import type { VersionView } from "@guise/contract";
import { Button, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { HeadedTable } from "../kit/headed-table.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";

/** So many are shown at once; the rest is found by its name, and in the file. */
const MOST = 100;

/** What the image of a version contains, package by package. */
export function ContentsPanel({ version: { persona_id, version } }: { readonly version: VersionView }) {
  const { agent } = useSession();
  const [text, setText] = useState("");
  const bill = useQuery({
    queryKey: ["bom", persona_id, version],
    queryFn: () => agent.personas.billOfMaterials(persona_id, version),
    staleTime: 60_000,
  });
  if (bill.isError) return <ErrorNotice error={bill.error} what="What is in it could not be read" />;
  if (bill.isPending) return <Awaited what="what is in it" height={160} />;
  const wanted = text.trim().toLowerCase();
  const found = bill.data.components.filter(({ name, purl }) => `${name} ${purl ?? ""}`.toLowerCase().includes(wanted));
  const download = () => {
    const address = URL.createObjectURL(new Blob([JSON.stringify(bill.data, null, 2)], { type: "application/vnd.cyclonedx+json" }));
    const link = Object.assign(document.createElement("a"), { href: address, download: `${persona_id}-${version}.cdx.json` });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Stack gap="sm">
      <Group align="flex-end">
        <TextInput label="Find a package" value={text} spellCheck={false} onChange={(event) => setText(event.currentTarget.value)} />
        <Button variant="default" onClick={download}>
          Download as CycloneDX
        </Button>
        <Text size="sm" role="status" lh="36px">
          {found.length} of {bill.data.components.length} packages
        </Text>
      </Group>
      <HeadedTable name="What is in it" minWidth={420} maxHeight={420} heads={["Package", "Version", "From"]}>
        {found.slice(0, MOST).map(({ "bom-ref": reference, name, version: of, purl }) => (
          <Table.Tr key={reference}>
            <Table.Td>{visibleText(name)}</Table.Td>
            <Table.Td>{visibleText(of ?? "")}</Table.Td>
            <Table.Td>{purl === undefined ? "" : purl.slice("pkg:".length, purl.indexOf("/"))}</Table.Td>
          </Table.Tr>
        ))}
      </HeadedTable>
      {found.length > MOST && <Text size="sm">and {found.length - MOST} more</Text>}
    </Stack>
  );
}

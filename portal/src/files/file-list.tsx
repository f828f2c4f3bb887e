import type { WorkspaceFiles } from "@guise/agent";
import { type FileStat, formatBytes } from "@guise/contract";
import { Anchor, Checkbox, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconFile, IconFolder, IconLink } from "@tabler/icons-react";
import { Ago } from "../kit/ago.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { EntryActs } from "./entry-acts.tsx";
import { type Place, pathOf } from "./paths.ts";
import { type PreviewKind, previewKind } from "./previewed.ts";

/** Permission bit of the owner; what is in a home is its person's. */
const OWNER_READS = 0o400;

type Entry = NonNullable<FileStat["entries"]>[number];

interface FileListProps {
  readonly entries: readonly Entry[];
  readonly files: WorkspaceFiles;
  readonly place: Place;
  go(name: string): void;
  look(name: string, kind: PreviewKind): void;
  /** They may be read here. */
  readonly givesOut: boolean;
  /** Names of what is chosen, to be fetched together. */
  readonly chosen: ReadonlySet<string>;
  choose(chosen: ReadonlySet<string>): void;
  changed(): void;
}

/** What is in a folder, each with what can be done with it. */
export function FileList({ entries, files, place, go, look, givesOut, chosen, choose, changed }: FileListProps) {
  const taken = entries.map(({ name }) => name);
  if (entries.length === 0) return <Text>Nothing is in this folder. Drop files here, or choose “Upload”.</Text>;
  return (
    <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": "Files" } }}>
      <Table highlightOnHover aria-label="Files">
        <Table.Thead>
          <Table.Tr>
            {givesOut && (
              <Table.Th scope="col" w={36}>
                <Checkbox
                  size="xs"
                  aria-label="Choose all"
                  checked={chosen.size === entries.length}
                  indeterminate={chosen.size > 0 && chosen.size < entries.length}
                  onChange={(event) => choose(new Set(event.currentTarget.checked ? taken : []))}
                />
              </Table.Th>
            )}
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col" ta="right">
              Size
            </Table.Th>
            <Table.Th scope="col">Changed</Table.Th>
            <Table.Th scope="col">
              <VisuallyHidden>More</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.name}>
              {givesOut && (
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={`Choose ${visibleText(entry.name)}`}
                    checked={chosen.has(entry.name)}
                    onChange={(event) => choose(withName(chosen, entry.name, event.currentTarget.checked))}
                  />
                </Table.Td>
              )}
              <Table.Td>
                <Name entry={entry} address={files.address(pathOf(place, entry.name))} go={go} look={look} givesOut={givesOut} />
              </Table.Td>
              <Table.Td ta="right">{entry.kind === "file" ? formatBytes(entry.bytes) : ""}</Table.Td>
              <Table.Td>
                <Ago at={entry.modified} />
              </Table.Td>
              <Table.Td ta="right">
                <EntryActs
                  files={files}
                  place={place}
                  name={entry.name}
                  kind={entry.kind}
                  givesOut={givesOut}
                  taken={taken}
                  changed={changed}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function withName(chosen: ReadonlySet<string>, name: string, isChosen: boolean): ReadonlySet<string> {
  const others = [...chosen].filter((one) => one !== name);
  return new Set(isChosen ? [...others, name] : others);
}

/** `address`: where a file is downloaded. */
function Name({
  entry,
  address,
  go,
  look,
  givesOut,
}: { readonly entry: Entry; readonly address: string } & Pick<FileListProps, "go" | "look" | "givesOut">) {
  const { name, kind } = entry;
  const shown = visibleText(name);
  if (kind === "folder") {
    return (
      <Group gap={6} wrap="nowrap">
        <IconFolder size={16} role="img" aria-label="Folder" />
        <Anchor component="button" type="button" size="sm" onClick={() => go(name)}>
          {shown}
        </Anchor>
      </Group>
    );
  }
  if (kind === "file" && (entry.mode & OWNER_READS) === 0) {
    return (
      <Group gap={6} wrap="nowrap">
        <IconFile size={16} role="img" aria-label="File" />
        <Text size="sm">{shown}</Text>
        <Text size="xs" c="dimmed">
          its own owner may not read it
        </Text>
      </Group>
    );
  }
  if (kind === "file") {
    if (!givesOut) {
      return (
        <Group gap={6} wrap="nowrap">
          <IconFile size={16} role="img" aria-label="File" />
          <Text size="sm">{shown}</Text>
        </Group>
      );
    }
    const preview = previewKind(name, entry.bytes);
    return (
      <Group gap={6} wrap="nowrap">
        <IconFile size={16} role="img" aria-label="File" />
        {preview === undefined ? (
          <Anchor size="sm" href={address} download={name} title={`Download ${shown}`}>
            {shown}
          </Anchor>
        ) : (
          <Anchor component="button" type="button" size="sm" ta="left" onClick={() => look(name, preview)} title={`Look at ${shown}`}>
            {shown}
          </Anchor>
        )}
      </Group>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <IconLink size={16} role="img" aria-label={kind === "link" ? "Link" : "Neither file nor folder"} />
      <Text size="sm">{shown}</Text>
    </Group>
  );
}

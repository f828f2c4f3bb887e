import type { FileStat, WorkspaceView } from "@guise/contract";
import { formatBytes } from "@guise/contract";
import { Anchor, Breadcrumbs, Button, FileButton, Group, Stack, Switch, Table, Text } from "@mantine/core";
import { IconDownload, IconFile, IconFolder, IconLink, IconRefresh, IconUpload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useCallback, useRef, useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { Ago } from "../kit/ago.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import styles from "./files-panel.module.css";
import { HOME, type Place, pathOf } from "./paths.ts";
import { UploadList } from "./upload-list.tsx";
import { useUploads } from "./use-uploads.ts";

/** Permission bit of the owner; what is in a home is its person's. */
const OWNER_READS = 0o400;

type Entry = NonNullable<FileStat["entries"]>[number];

/** The files of a workspace, from its home down: looked at, brought and taken. */
export function FilesPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { agent } = useSession();
  const id = workspace.workspace_id;
  const [place, setPlace] = useState<Place>(HOME);
  const [hovered, setHovered] = useState(false);
  const [showsHidden, setShowsHidden] = useState(false);
  const queries = useQueryClient();
  const refresh = useCallback(() => void queries.invalidateQueries({ queryKey: ["files", id] }), [queries, id]);
  const { queue, uploads } = useUploads(id, refresh);
  const add = (files: readonly File[]) => queue.add(place, files);
  const forgetChoice = useRef<() => void>(null);
  const listing = useQuery({
    queryKey: ["files", id, place],
    queryFn: async ({ signal }) => {
      const { files } = await agent.workspaceById(id);
      const entries = await files.list(pathOf(place), signal);
      return { files, entries: [...entries].sort(byName) };
    },
  });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setHovered(false);
    add([...event.dataTransfer.files]);
  };
  return (
    <Stack
      gap="sm"
      className={hovered ? styles.hovered : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setHovered(true);
      }}
      onDragLeave={() => setHovered(false)}
      onDrop={drop}
    >
      <Group justify="space-between" gap="xs">
        <Path place={place} go={setPlace} />
        <Group gap="xs">
          {listing.data?.entries.some(({ name }) => isHidden(name)) === true && (
            <Switch
              size="xs"
              label="Hidden files"
              checked={showsHidden}
              onChange={(event) => setShowsHidden(event.currentTarget.checked)}
            />
          )}
          <Button variant="default" size="xs" leftSection={<IconRefresh size={14} />} onClick={refresh}>
            Refresh
          </Button>
          {listing.data !== undefined && (
            <Button
              component="a"
              variant="default"
              size="xs"
              leftSection={<IconDownload size={14} />}
              href={listing.data.files.address(pathOf(place), "tar")}
              download={`${place.at(-1) ?? "home"}.tar`}
            >
              Download folder
            </Button>
          )}
          <FileButton
            multiple
            resetRef={forgetChoice}
            onChange={(files) => {
              add(files);
              // Else the browser says nothing when the same file is chosen again, edited or not.
              forgetChoice.current?.();
            }}
          >
            {(props) => (
              <Button {...props} size="xs" leftSection={<IconUpload size={14} />}>
                Upload
              </Button>
            )}
          </FileButton>
        </Group>
      </Group>
      <UploadList queue={queue} uploads={uploads} />
      {listing.isPending && <Awaited what="the folder" height={160} />}
      {listing.isError && <ErrorNotice error={listing.error} what="The folder could not be read" retry={refresh} />}
      {listing.data !== undefined && (
        <Listing
          entries={listing.data.entries.filter(({ name }) => showsHidden || !isHidden(name))}
          address={(name, as) => listing.data.files.address(pathOf(place, name), as)}
          go={(name) => setPlace([...place, name])}
        />
      )}
    </Stack>
  );
}

/** Of programs, most often, and seldom looked for. */
function isHidden(name: string): boolean {
  return name.startsWith(".");
}

function Path({ place, go }: { readonly place: Place; go(place: Place): void }) {
  return (
    <Breadcrumbs component="nav" aria-label="Folder">
      {[undefined, ...place].map((name, depth) => (
        <Anchor
          key={place.slice(0, depth).join("/")}
          component="button"
          type="button"
          size="sm"
          onClick={() => go(place.slice(0, depth))}
          {...(depth === place.length ? { "aria-current": "location" as const } : {})}
        >
          {name === undefined ? "home" : visibleText(name)}
        </Anchor>
      ))}
    </Breadcrumbs>
  );
}

interface ListingProps {
  readonly entries: readonly Entry[];
  address(name: string, as: "file" | "tar"): string;
  go(name: string): void;
}

function Listing({ entries, address, go }: ListingProps) {
  if (entries.length === 0) return <Text>Nothing is in this folder. Drop files here, or choose “Upload”.</Text>;
  return (
    <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": "Files" } }}>
      <Table highlightOnHover aria-label="Files">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col" ta="right">
              Size
            </Table.Th>
            <Table.Th scope="col">Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.name}>
              <Table.Td>
                <Name entry={entry} address={address} go={go} />
              </Table.Td>
              <Table.Td ta="right">{entry.kind === "file" ? formatBytes(entry.bytes) : ""}</Table.Td>
              <Table.Td>
                <Ago at={entry.modified} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Name({ entry, address, go }: { readonly entry: Entry } & Omit<ListingProps, "entries">) {
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
    return (
      <Group gap={6} wrap="nowrap">
        <IconFile size={16} role="img" aria-label="File" />
        <Anchor size="sm" href={address(name, "file")} download={name} title={`Download ${shown}`}>
          {shown}
        </Anchor>
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

/** Folders first. */
function byName(a: Entry, b: Entry): number {
  const folders = Number(b.kind === "folder") - Number(a.kind === "folder");
  return folders !== 0 ? folders : a.name < b.name ? -1 : 1;
}

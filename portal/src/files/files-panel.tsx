import type { WorkspaceFiles } from "@guise/agent";
import type { FileStat, WorkspaceView } from "@guise/contract";
import { CLOSED_WAYS, formatBytes } from "@guise/contract";
import { Alert, Anchor, Breadcrumbs, Button, FileButton, Group, Stack, Switch, Table, Text } from "@mantine/core";
import { IconDownload, IconFile, IconFolder, IconFolderPlus, IconLink, IconRefresh, IconUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type DragEvent, lazy, Suspense, useCallback, useRef, useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { loadPart } from "../connection/load-part.ts";
import { Ago } from "../kit/ago.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { EntryActs } from "./entry-acts.tsx";
import styles from "./files-panel.module.css";
import { NameDialog } from "./name-dialog.tsx";
import { HOME, type Place, pathOf } from "./paths.ts";
import { type PreviewKind, previewKind } from "./previewed.ts";
import { UploadList } from "./upload-list.tsx";
import { useUploads } from "./use-uploads.ts";

// Only who looks at a file loads what shows it.
const Preview = lazy(() => loadPart(() => import("./preview.tsx")));

/** Permission bit of the owner; what is in a home is its person's. */
const OWNER_READS = 0o400;

type Entry = NonNullable<FileStat["entries"]>[number];

/** The files of a workspace, from its home down: looked at, brought and taken. */
export function FilesPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { agent } = useSession();
  const id = workspace.workspace_id;
  const closed = workspace.closed_ways ?? [];
  const [takesIn, givesOut] = [!closed.includes("files_in"), !closed.includes("files_out")];
  const [place, setPlace] = useState<Place>(HOME);
  const [hovered, setHovered] = useState(false);
  const [showsHidden, setShowsHidden] = useState(false);
  const [isMaking, setIsMaking] = useState(false);
  const [looked, setLooked] = useState<{ readonly name: string; readonly kind: PreviewKind }>();
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
    if (takesIn) add([...event.dataTransfer.files]);
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
          <Button variant="default" size="xs" leftSection={<IconFolderPlus size={14} />} onClick={() => setIsMaking(true)}>
            New folder
          </Button>
          {givesOut && listing.data !== undefined && (
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
          {takesIn && (
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
          )}
        </Group>
      </Group>
      {isMaking && listing.data !== undefined && (
        <NewFolder
          files={listing.data.files}
          place={place}
          taken={listing.data.entries.map(({ name }) => name)}
          changed={refresh}
          close={() => setIsMaking(false)}
        />
      )}
      {looked !== undefined && listing.data !== undefined && (
        <Suspense fallback={undefined}>
          <Preview
            name={looked.name}
            kind={looked.kind}
            address={listing.data.files.address(pathOf(place, looked.name))}
            read={(signal) => listing.data.files.read(pathOf(place, looked.name), signal)}
            close={() => setLooked(undefined)}
          />
        </Suspense>
      )}
      {closed.length > 0 && (
        <Alert color="gray" p="xs" title="Its persona limits what goes in and out">
          {(["files_in", "files_out"] as const)
            .filter((way) => closed.includes(way))
            .map((way) => `It ${CLOSED_WAYS[way]}.`)
            .join(" ")}
        </Alert>
      )}
      <UploadList queue={queue} uploads={uploads} />
      {listing.isPending && <Awaited what="the folder" height={160} />}
      {listing.isError && <ErrorNotice error={listing.error} what="The folder could not be read" retry={refresh} />}
      {listing.data !== undefined && (
        <Listing
          entries={listing.data.entries.filter(({ name }) => showsHidden || !isHidden(name))}
          files={listing.data.files}
          place={place}
          go={(name) => setPlace([...place, name])}
          look={(name, kind) => setLooked({ name, kind })}
          givesOut={givesOut}
          changed={refresh}
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

interface NewFolderProps {
  readonly files: WorkspaceFiles;
  readonly place: Place;
  readonly taken: readonly string[];
  changed(): void;
  close(): void;
}

function NewFolder({ files, place, taken, changed, close }: NewFolderProps) {
  const make = useMutation({
    mutationFn: (name: string) => files.makeFolder(pathOf(place, name)),
    onSuccess() {
      close();
      changed();
    },
  });
  return (
    <NameDialog
      title="New folder"
      label="Name"
      act="Make it"
      first=""
      taken={taken}
      pending={make.isPending}
      error={make.error}
      give={(name) => make.mutate(name)}
      close={close}
    />
  );
}

interface ListingProps {
  readonly entries: readonly Entry[];
  readonly files: WorkspaceFiles;
  readonly place: Place;
  go(name: string): void;
  look(name: string, kind: PreviewKind): void;
  /** They may be read here. */
  readonly givesOut: boolean;
  changed(): void;
}

function Listing({ entries, files, place, go, look, givesOut, changed }: ListingProps) {
  const taken = entries.map(({ name }) => name);
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
            <Table.Th scope="col">
              <span className="mantine-visually-hidden">More</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.name}>
              <Table.Td>
                <Name entry={entry} address={files.address(pathOf(place, entry.name))} go={go} look={look} givesOut={givesOut} />
              </Table.Td>
              <Table.Td ta="right">{entry.kind === "file" ? formatBytes(entry.bytes) : ""}</Table.Td>
              <Table.Td>
                <Ago at={entry.modified} />
              </Table.Td>
              <Table.Td ta="right">
                <EntryActs files={files} place={place} name={entry.name} kind={entry.kind} taken={taken} changed={changed} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** `address`: where a file is downloaded. */
function Name({
  entry,
  address,
  go,
  look,
  givesOut,
}: { readonly entry: Entry; readonly address: string } & Pick<ListingProps, "go" | "look" | "givesOut">) {
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

/** Folders first. */
function byName(a: Entry, b: Entry): number {
  const folders = Number(b.kind === "folder") - Number(a.kind === "folder");
  return folders !== 0 ? folders : a.name < b.name ? -1 : 1;
}

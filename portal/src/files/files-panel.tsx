import { hasCode } from "@guise/agent";
import type { FileStat, WorkspaceView } from "@guise/contract";
import { CLOSED_WAYS } from "@guise/contract";
import { Alert, Anchor, Breadcrumbs, Button, FileButton, Group, Stack, Switch } from "@mantine/core";
import { IconDownload, IconFolderPlus, IconRefresh, IconUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type DragEvent, lazy, Suspense, useCallback, useRef, useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { loadPart } from "../connection/load-part.ts";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { ChosenBar } from "./chosen-bar.tsx";
import { type Dropped, readDropped } from "./dropped.ts";
import { FileList } from "./file-list.tsx";
import styles from "./files-panel.module.css";
import { NewFolder } from "./new-folder.tsx";
import { HOME, type Place, pathOf } from "./paths.ts";
import type { PreviewKind } from "./previewed.ts";
import { UploadList } from "./upload-list.tsx";
import { useUploads } from "./use-uploads.ts";

// Only who looks at a file loads what shows it.
const Preview = lazy(() => loadPart(() => import("./preview.tsx")));

const NONE: ReadonlySet<string> = new Set();

type Entry = NonNullable<FileStat["entries"]>[number];

/** The files of a workspace, from its home down: looked at, brought and taken. */
export function FilesPanel({ workspace }: { readonly workspace: WorkspaceView }) {
  const { agent } = useSession();
  const id = workspace.workspace_id;
  const closed = workspace.closed_ways ?? [];
  const [takesIn, givesOut] = [!closed.includes("files_in"), !closed.includes("files_out")];
  const [place, setPlace] = useState<Place>(HOME);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(NONE);
  const [hovered, setHovered] = useState(false);
  const [showsHidden, setShowsHidden] = useState(false);
  const [isMaking, setIsMaking] = useState(false);
  const [looked, setLooked] = useState<{ readonly name: string; readonly kind: PreviewKind }>();
  const queries = useQueryClient();
  const refresh = useCallback(() => void queries.invalidateQueries({ queryKey: ["files", id] }), [queries, id]);
  const { queue, uploads } = useUploads(id, takesIn, refresh);
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
  const go = (next: Place) => {
    setPlace(next);
    setChosen(NONE);
  };
  const shown = listing.data?.entries.filter(({ name }) => showsHidden || !isHidden(name)) ?? [];
  // What went meanwhile, or is hidden again, is not fetched.
  const present = new Set(shown.map(({ name }) => name).filter((name) => chosen.has(name)));
  const bring = useMutation({
    mutationFn: async (reading: Promise<Dropped>) => {
      const { files, empty } = await reading;
      const [here, deeper] = [files.filter(({ place: below }) => below.length === 0), files.filter(({ place: below }) => below.length > 0)];
      queue.add(
        place,
        here.map(({ file }) => file),
      );
      queue.bring(
        deeper.map(({ place: below, file }) => ({ place: [...place, ...below], file })),
        true,
      );
      for (const below of empty) await makeEmpty(id, [...place, ...below]);
      if (empty.length > 0) refresh();
    },
  });
  const makeEmpty = async (workspace: string, folder: Place) => {
    const { files } = await agent.workspaceById(workspace);
    await files.makeFolder(pathOf(folder)).catch((error: unknown) => {
      if (!hasCode(error, "file_exists")) throw error;
    });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setHovered(false);
    if (takesIn) bring.mutate(readDropped(event.dataTransfer.items));
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
        <Path place={place} go={go} />
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
      {bring.isError && <ErrorNotice error={bring.error} what="What was dropped was not brought in" />}
      <UploadList queue={queue} uploads={uploads} />
      {listing.isPending && <Awaited what="the folder" height={160} />}
      {listing.isError && <ErrorNotice error={listing.error} what="The folder could not be read" retry={refresh} />}
      {listing.data !== undefined && present.size > 0 && (
        <ChosenBar files={listing.data.files} place={place} chosen={present} clear={() => setChosen(NONE)} />
      )}
      {listing.data !== undefined && (
        <FileList
          entries={shown}
          files={listing.data.files}
          place={place}
          go={(name) => go([...place, name])}
          chosen={present}
          choose={setChosen}
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

/** Folders first. */
function byName(a: Entry, b: Entry): number {
  const folders = Number(b.kind === "folder") - Number(a.kind === "folder");
  return folders !== 0 ? folders : a.name < b.name ? -1 : 1;
}

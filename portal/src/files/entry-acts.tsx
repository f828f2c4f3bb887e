import type { WorkspaceFiles } from "@guise/agent";
import { ActionIcon, Button, Group, Menu, Text } from "@mantine/core";
import { IconDots, IconFingerprint, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { ChecksumDialog } from "./checksum-dialog.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { type Place, pathOf } from "./paths.ts";

interface EntryActsProps {
  readonly files: WorkspaceFiles;
  readonly place: Place;
  readonly name: string;
  readonly kind: string;
  /** It may be read here. */
  readonly givesOut: boolean;
  /** Names in the same folder. */
  readonly taken: readonly string[];
  /** The folder is another than before. */
  changed(): void;
}

/** What can be done with a file or folder. */
export function EntryActs({ files, place, name, kind, givesOut, taken, changed }: EntryActsProps) {
  const [asking, setAsking] = useState<"rename" | "delete" | "checksum">();
  const shown = visibleText(name);
  const done = () => {
    setAsking(undefined);
    changed();
  };
  const rename = useMutation({ mutationFn: (next: string) => files.move(pathOf(place, name), pathOf(place, next)), onSuccess: done });
  const remove = useMutation({ mutationFn: () => files.remove(pathOf(place, name)), onSuccess: done });
  const ask = (act: "rename" | "delete" | "checksum") => {
    rename.reset();
    remove.reset();
    setAsking(act);
  };
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for ${shown}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => ask("rename")}>
            Rename or move …
          </Menu.Item>
          {givesOut && kind === "file" && (
            <Menu.Item leftSection={<IconFingerprint size={14} />} onClick={() => ask("checksum")}>
              Checksum …
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconTrash size={14} />} onClick={() => ask("delete")}>
            Delete …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === "rename" && (
        <NameDialog
          title={`Rename ${shown}`}
          label="New name, or a place below this folder: work/report.txt"
          act="Rename"
          first={name}
          taken={taken}
          pending={rename.isPending}
          error={rename.error}
          give={(next) => rename.mutate(next)}
          close={() => setAsking(undefined)}
        />
      )}
      {asking === "checksum" && <ChecksumDialog files={files} path={pathOf(place, name)} name={name} close={() => setAsking(undefined)} />}
      {asking === "delete" && (
        <Dialog title={`Delete ${shown}?`} close={() => setAsking(undefined)}>
          <Text size="sm">
            {kind === "folder" ? "All that is in the folder goes with it." : "The file is gone then."} There is no way back.
          </Text>
          {remove.error !== null && <ErrorNotice error={remove.error} what="It was not deleted" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(undefined)} data-autofocus>
              Keep it
            </Button>
            <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
              Delete
            </Button>
          </Group>
        </Dialog>
      )}
    </>
  );
}

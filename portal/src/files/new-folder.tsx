import type { WorkspaceFiles } from "@guise/agent";
import { useMutation } from "@tanstack/react-query";
import { NameDialog } from "./name-dialog.tsx";
import { type Place, pathOf } from "./paths.ts";

interface NewFolderProps {
  readonly files: WorkspaceFiles;
  readonly place: Place;
  readonly taken: readonly string[];
  changed(): void;
  close(): void;
}

/** Asks for the name of a folder, and makes it here. */
export function NewFolder({ files, place, taken, changed, close }: NewFolderProps) {
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

import type { WorkspaceFiles } from "@guise/agent";
import { Code, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Awaited } from "../connection/awaited.tsx";
import { CopyButton } from "../kit/copy-button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";

interface ChecksumProps {
  readonly files: WorkspaceFiles;
  readonly path: string;
  readonly name: string;
  close(): void;
}

/** To see that what was downloaded is what is inside. It is worked out when it is asked for: of a large file it takes a while. */
export function ChecksumDialog({ files, path, name, close }: ChecksumProps) {
  const digest = useQuery({
    queryKey: ["digest", path],
    queryFn: ({ signal }) => files.digest(path, signal),
    // It may be written any moment.
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog title={`Checksum of ${visibleText(name)}`} closable close={close}>
      {digest.isPending && <Awaited what="the checksum" height={60} />}
      {digest.isError && <ErrorNotice error={digest.error} what="It could not be worked out" retry={() => void digest.refetch()} />}
      {digest.data !== undefined && (
        <>
          <Group gap="xs" wrap="nowrap">
            <Code style={{ overflowWrap: "anywhere" }}>{digest.data}</Code>
            <CopyButton text={digest.data} what="the checksum" />
          </Group>
          <Text size="sm">SHA-256, as “sha256sum” prints it of the file that you downloaded: then the two are the same.</Text>
        </>
      )}
    </Dialog>
  );
}

import { formatBytes, MAXIMUM_PREFERRED_BYTES, MAXIMUM_PREFERRED_FILES, type Preferences, preferredFileReason } from "@guise/contract";
import { ActionIcon, Button, Fieldset, FileButton, Group, Stack, Table, Text, Textarea, TextInput, Tooltip } from "@mantine/core";
import { IconFilePlus, IconPencil, IconTrash, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { Dialog } from "../kit/dialog.tsx";
import { HeadedTable } from "../kit/headed-table.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { textsOf } from "./texts-of.ts";

type Files = NonNullable<Preferences["files"]>;

interface PreferredFilesProps {
  readonly files: Files;
  change(files: Files): void;
}

interface Edited {
  /** What it was called before; undefined: it is new. */
  readonly before: string | undefined;
  readonly path: string;
  readonly content: string;
}

/** Small text files of one's own home. */
export function PreferredFiles({ files, change }: PreferredFilesProps) {
  const [edited, setEdited] = useState<Edited>();
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = entries.reduce((sum, [, { content }]) => sum + new TextEncoder().encode(content).length, 0);
  const without = (path: string | undefined) => Object.fromEntries(entries.filter(([name]) => name !== path));
  const upload = async (chosen: readonly File[]) => {
    const { texts, refused } = await textsOf(chosen);
    setWrong(refused);
    change({ ...files, ...texts });
  };
  return (
    <Fieldset legend="Files of your home">
      <Stack gap="sm">
        <Text size="sm">
          They are written where a workspace has nothing yet; a file that is there stays. No password, token or private key belongs here.
        </Text>
        {entries.length > 0 && (
          <HeadedTable name="Files of your home" minWidth={320} heads={["Path", "Size", ""]}>
            {entries.map(([path, { content }]) => (
              <Table.Tr key={path}>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{visibleText(path)}</Table.Td>
                <Table.Td>{formatBytes(new TextEncoder().encode(content).length)}</Table.Td>
                <Table.Td>
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    <Act label={`Change ${path}`} act={() => setEdited({ before: path, path, content })}>
                      <IconPencil size={16} />
                    </Act>
                    <Act label={`Take out ${path}`} act={() => change(without(path))}>
                      <IconTrash size={16} />
                    </Act>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </HeadedTable>
        )}
        {wrong.length > 0 && (
          <Stack gap={2} role="alert">
            {wrong.map((line) => (
              <Text key={line} size="sm" c="var(--mantine-color-error)">
                {visibleText(line)}
              </Text>
            ))}
          </Stack>
        )}
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconFilePlus size={14} />}
            onClick={() => setEdited({ before: undefined, path: "~/.", content: "" })}
          >
            New file
          </Button>
          <FileButton multiple onChange={(chosen) => void upload(chosen)}>
            {(props) => (
              <Button {...props} size="xs" variant="default" leftSection={<IconUpload size={14} />}>
                From this computer
              </Button>
            )}
          </FileButton>
          <Text size="xs" c="dimmed">
            {entries.length} of {MAXIMUM_PREFERRED_FILES} files, {formatBytes(bytes)} of {formatBytes(MAXIMUM_PREFERRED_BYTES)}
          </Text>
        </Group>
      </Stack>
      {edited !== undefined && (
        <FileDialog
          file={edited}
          close={() => setEdited(undefined)}
          done={({ before, path, content }) => {
            const mode = files[before ?? path]?.executable === true ? { executable: true } : {};
            change({ ...without(before), [path]: { content, ...mode } });
            setEdited(undefined);
          }}
        />
      )}
    </Fieldset>
  );
}

function Act({ label, act, children }: { readonly label: string; readonly act: () => void; readonly children: React.ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={act}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface FileDialogProps {
  readonly file: Edited;
  close(): void;
  done(file: Edited): void;
}

function FileDialog({ file, close, done }: FileDialogProps) {
  const [path, setPath] = useState(file.path);
  const [content, setContent] = useState(file.content);
  const [shown, setShown] = useState(false);
  const reason = path === "~/." ? "needs a name" : preferredFileReason(path, content);
  const finish = () => (reason === undefined ? done({ ...file, path, content }) : setShown(true));
  return (
    <Dialog title={file.before === undefined ? "New file" : "Change a file"} size="lg" close={close}>
      <TextInput
        label="Path"
        description="Below the home of every workspace"
        spellCheck={false}
        data-autofocus
        value={path}
        error={shown && reason !== undefined ? `It ${reason}.` : undefined}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <Textarea
        label="Content"
        rows={14}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={content}
        onChange={(event) => setContent(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button onClick={finish}>Take it along</Button>
      </Group>
    </Dialog>
  );
}

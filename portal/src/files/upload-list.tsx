import { AgentError } from "@guise/agent";
import { formatBytes } from "@guise/contract";
import { Button, Card, CloseButton, Group, Progress, Stack, Text } from "@mantine/core";
import { visibleText } from "../kit/visible-text.ts";
import type { Upload } from "./use-uploads.ts";

export function UploadList({ uploads, clear }: { readonly uploads: readonly Upload[]; clear(): void }) {
  if (uploads.length === 0) return null;
  const isOver = uploads.some(({ state }) => state === "done" || state === "failed");
  return (
    <Card withBorder padding="xs" role="status" aria-label="Uploads">
      <Stack gap={6}>
        {uploads.map((upload) => (
          <UploadLine key={upload.id} upload={upload} />
        ))}
        {isOver && (
          <Group>
            <Button variant="subtle" size="compact-xs" onClick={clear}>
              Clear what is done
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function UploadLine({ upload }: { readonly upload: Upload }) {
  const { name, bytes, sent, state, error } = upload;
  const percent = bytes === 0 ? 100 : Math.floor((100 * sent) / bytes);
  const shown = visibleText(name);
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" className="cut" title={shown}>
          {shown}
        </Text>
        <Group gap={4} wrap="nowrap">
          <Text size="xs" c={state === "failed" ? "var(--mantine-color-error)" : "dimmed"}>
            {wordsOf(upload)}
          </Text>
          {(state === "waiting" || state === "sending") && (
            <CloseButton size="xs" aria-label={`Stop the upload of ${shown}`} onClick={upload.stop} />
          )}
        </Group>
      </Group>
      {state === "sending" && <Progress value={percent} size="xs" aria-label={`Upload of ${shown}`} />}
      {state === "failed" && error instanceof AgentError && (
        <Text size="xs">
          {error.message} <b>Try:</b> {error.remedy}
        </Text>
      )}
    </div>
  );
}

function wordsOf({ state, sent, bytes }: Upload): string {
  if (state === "waiting") return "waits";
  if (state === "done") return `${formatBytes(bytes)}, done`;
  return state === "failed" ? "not written" : `${formatBytes(sent)} of ${formatBytes(bytes)}`;
}

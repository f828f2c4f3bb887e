import { formatBytes } from "@guise/contract";
import { ActionIcon, Button, Card, CloseButton, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { Ago } from "../kit/ago.tsx";
import { visibleText } from "../kit/visible-text.ts";
import type { Answer, Upload, UploadQueue } from "./upload-queue.ts";

export function UploadList({ queue, uploads }: { readonly queue: UploadQueue; readonly uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null;
  const isOver = uploads.some(({ state }) => state === "done" || state === "failed");
  const asking = uploads.filter(({ state }) => state === "asking").length;
  return (
    <Card withBorder padding="xs" role="status" aria-label="Uploads">
      <Stack gap={6}>
        {uploads.length > MANY && <Whole queue={queue} uploads={uploads} />}
        {shownOf(uploads).map((upload) => (
          <UploadLine key={upload.id} upload={upload} queue={queue} asking={asking} />
        ))}
        {isOver && (
          <Group>
            <Button variant="subtle" size="compact-xs" onClick={() => queue.clear()}>
              Clear what is done
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

/** Lines that are looked over at once; of more, the whole is told and these are shown. */
const MANY = 6;
/** What matters to its person first. */
const ORDER: readonly Upload["state"][] = ["asking", "failed", "sending", "looking", "paused", "left", "waiting", "done"];

function shownOf(uploads: readonly Upload[]): readonly Upload[] {
  if (uploads.length <= MANY) return uploads;
  return ORDER.flatMap((wanted) => uploads.filter(({ state }) => state === wanted)).slice(0, MANY);
}

function Whole({ queue, uploads }: { readonly queue: UploadQueue; readonly uploads: readonly Upload[] }) {
  const done = uploads.filter(({ state }) => state === "done").length;
  const [bytes, sent] = [sumOf(uploads, "bytes"), sumOf(uploads, "sent")];
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm">
          {done} of {uploads.length} files, {formatBytes(sent)} of {formatBytes(bytes)}
        </Text>
        {done < uploads.length && (
          <Button size="compact-xs" variant="subtle" onClick={() => queue.stopAll()}>
            Stop all
          </Button>
        )}
      </Group>
      <Progress value={bytes === 0 ? 100 : Math.floor((100 * sent) / bytes)} size="sm" aria-label="All uploads" />
    </div>
  );
}

function sumOf(uploads: readonly Upload[], what: "bytes" | "sent"): number {
  return uploads.reduce((sum, upload) => sum + upload[what], 0);
}

interface LineProps {
  readonly upload: Upload;
  readonly queue: UploadQueue;
  /** How many wait for an answer. */
  readonly asking: number;
}

function UploadLine({ upload, queue, asking }: LineProps) {
  const { id, name, bytes, sent, state } = upload;
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
          {(state === "sending" || state === "waiting") && (
            <ActionIcon size="xs" variant="subtle" color="gray" aria-label={`Pause the upload of ${shown}`} onClick={() => queue.pause(id)}>
              <IconPlayerPause size={14} />
            </ActionIcon>
          )}
          {state === "paused" && (
            <ActionIcon size="xs" variant="subtle" aria-label={`Continue the upload of ${shown}`} onClick={() => queue.again(id)}>
              <IconPlayerPlay size={14} />
            </ActionIcon>
          )}
          {state !== "done" && <CloseButton size="xs" aria-label={`Stop the upload of ${shown}`} onClick={() => queue.stop(id)} />}
        </Group>
      </Group>
      {PARTLY.has(state) && <Progress value={percent} size="xs" aria-label={`Upload of ${shown}`} />}
      {state === "left" && <Left upload={upload} queue={queue} />}
      {state === "asking" && <Question upload={upload} queue={queue} asking={asking} />}
      {state === "failed" && <Failure upload={upload} queue={queue} />}
    </div>
  );
}

const PARTLY = new Set<Upload["state"]>(["sending", "paused", "left"]);

/** The page was loaded anew meanwhile, and browsers do not give a file a second time by themselves. */
function Left({ upload: { id, name, error }, queue }: Omit<LineProps, "asking">) {
  const shown = visibleText(name);
  return (
    <Stack gap={4} mt={4}>
      <Group gap={4}>
        <FileButton onChange={(file) => file !== null && queue.chosenAgain(id, file)}>
          {(props) => (
            <Button {...props} size="compact-xs" variant="default" aria-label={`Choose ${shown} again`}>
              Choose the file again
            </Button>
          )}
        </FileButton>
        <Text size="xs">It continues where it was.</Text>
      </Group>
      {error !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {error.message} {error.remedy}
        </Text>
      )}
    </Stack>
  );
}

const ANSWERS: readonly { readonly answer: Answer; readonly words: string }[] = [
  { answer: "replace", words: "Replace" },
  { answer: "keep_both", words: "Keep both" },
  { answer: "skip", words: "Skip" },
];

/** Something has the name: both are described, and the person decides, of one or of all that came together. */
function Question({ upload, queue, asking }: LineProps) {
  const { id, name, bytes, existing } = upload;
  const isFolder = existing?.kind === "folder";
  const answers = ANSWERS.filter(({ answer }) => !isFolder || answer !== "replace");
  const shown = visibleText(name);
  return (
    <Stack gap={4} role="group" aria-label={`${shown} is there already`}>
      <Text size="xs">
        {isFolder ? "A folder has this name already" : `It is there already, with ${formatBytes(existing?.bytes ?? 0)}`}
        {existing !== undefined && existing.modified !== "" && (
          <>
            , changed <Ago at={existing.modified} />
          </>
        )}
        . Yours has {formatBytes(bytes)}.
      </Text>
      <Group gap={4}>
        {answers.map(({ answer, words }) => (
          <Button
            key={answer}
            size="compact-xs"
            variant="default"
            onClick={() => queue.answer(id, answer, false)}
            aria-label={`${words}: ${shown}`}
          >
            {words}
          </Button>
        ))}
        {asking > 1 &&
          answers.map(({ answer, words }) => (
            <Button key={answer} size="compact-xs" variant="subtle" onClick={() => queue.answer(id, answer, true)}>
              {words}, all {asking}
            </Button>
          ))}
      </Group>
    </Stack>
  );
}

function Failure({ upload: { id, name, error }, queue }: Omit<LineProps, "asking">) {
  return (
    <Group gap={4}>
      <Text size="xs">
        {error?.message} <b>Try:</b> {error?.remedy}
      </Text>
      <Button size="compact-xs" variant="default" onClick={() => queue.again(id)} aria-label={`Try again: ${visibleText(name)}`}>
        Try again
      </Button>
    </Group>
  );
}

function wordsOf({ state, sent, bytes, isCut }: Upload): string {
  if (state === "waiting" || state === "looking") return "waits";
  if (state === "asking") return "waits for your answer";
  if (state === "done") return `${formatBytes(bytes)}, done`;
  if (state === "failed") return "not written";
  const how = `${formatBytes(sent)} of ${formatBytes(bytes)}`;
  if (state === "paused") return `${how}, paused`;
  if (state === "left") return `${how}, not whole`;
  return isCut === true ? `${how}, waits for the connection` : how;
}

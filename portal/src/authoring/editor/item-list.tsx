import { Button, Card, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { useDraftForm } from "./draft-form.ts";
import { draftList } from "./draft-list.ts";
import { type DraftPath, isRecord } from "./draft-text.ts";

interface ItemListProps {
  readonly path: DraftPath;
  /** What one of them is called: "Server". */
  readonly one: string;
  /** The words of the button that adds one. */
  readonly more: string;
  /** What one begins with. */
  readonly first: Readonly<Record<string, unknown>>;
  /** One of them in a few words, where it cannot be changed. */
  told(item: Readonly<Record<string, unknown>>): string;
  /** Its fields. */
  children(path: DraftPath, item: Readonly<Record<string, unknown>>): ReactNode;
}

/** Things of one kind in a row, each with its fields; the keyboard stays with what was added or taken out. */
export function ItemList({ path, one, more, first, told, children }: ItemListProps) {
  const form = useDraftForm();
  const list = draftList(form, path);
  const rows = useRef<HTMLDivElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const isAdded = useRef(false);
  const count = list.items.length;
  useEffect(() => {
    if (!isAdded.current || count === 0) return;
    isAdded.current = false;
    rows.current?.querySelector<HTMLElement>("[data-item]:last-of-type :is(input, textarea)")?.focus();
  }, [count]);
  const wrong = form.problemAt(path);
  const fault = wrong !== undefined && (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {visibleText(wrong)}
    </Text>
  );
  if (list.state === "unreadable")
    return fault === false ? <Text size="sm">What stands here is no list: mend it in the JSON.</Text> : fault;
  if (list.state === "shared")
    return (
      <Stack gap={6} align="flex-start">
        <Text size="sm">As everywhere: {list.items.map((item) => (isRecord(item) ? visibleText(told(item)) : "?")).join("; ")}</Text>
        <Button variant="default" size="compact-sm" onClick={list.part}>
          Change them for {visibleText(form.environment ?? "")}
        </Button>
      </Stack>
    );
  return (
    <Stack gap="sm" align="stretch">
      {fault}
      <Stack gap="sm" ref={rows}>
        {list.items.map((item, index) => {
          const name = `${one} ${index + 1}`;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: they have no names, and what is typed is kept in the draft
            <Card key={index} data-item withBorder padding="sm" role="group" aria-label={name}>
              <Group justify="space-between" mb="xs">
                <Text size="sm" fw={500}>
                  {name}
                </Text>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`Take out ${name}`}
                  onClick={() => {
                    list.takeOut(index);
                    addButton.current?.focus();
                  }}
                >
                  Take out
                </Button>
              </Group>
              {isRecord(item) ? (
                children([...path, index], item)
              ) : (
                <Text size="sm">{visibleText(form.problemAt([...path, index]) ?? "It cannot be shown here: mend it in the JSON.")}</Text>
              )}
            </Card>
          );
        })}
      </Stack>
      <Group gap="xs">
        <Button
          ref={addButton}
          variant="default"
          onClick={() => {
            isAdded.current = true;
            list.add(first);
          }}
        >
          {more}
        </Button>
        {form.environment !== undefined && form.own(path) !== undefined && (
          <Button variant="subtle" onClick={list.rejoin}>
            As everywhere
          </Button>
        )}
      </Group>
    </Stack>
  );
}

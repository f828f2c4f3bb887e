import { Button, Card, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useRef } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { AddNamed } from "./add-named.tsx";
import { useDraftForm } from "./draft-form.ts";
import { at, type DraftPath, isRecord } from "./draft-text.ts";

interface NamedListProps {
  readonly path: DraftPath;
  /** What one of them is: "Parameter". */
  readonly kind: string;
  /** Of the field that adds one. */
  readonly label: string;
  readonly description?: string;
  readonly placeholder: string;
  /** What one begins with. */
  readonly first: Readonly<Record<string, unknown>>;
  /** What else changes when one is taken out. */
  withIt?(name: string): readonly (readonly [DraftPath, unknown])[];
  /** Its fields. */
  children(path: DraftPath, value: Readonly<Record<string, unknown>>, name: string): ReactNode;
}

/** Things of one kind that are called by a name, each with its fields. In an environment: what is written there of them. */
export function NamedList({ path, kind, label, description, placeholder, first, withIt, children }: NamedListProps) {
  const form = useDraftForm();
  const list = useRef<HTMLDivElement>(null);
  const own = form.own(path);
  const entries = isRecord(own) ? Object.entries(own) : [];
  const shared = namesIn(form.environment === undefined ? undefined : form.everywhere(path)).filter(
    (name) => at(own, [name]) === undefined,
  );
  return (
    <Stack gap="sm" ref={list}>
      {entries.map(([name, value]) => {
        const place = [...path, name];
        const wrong = form.problemAt(place);
        return (
          <Card key={name} withBorder padding="sm" role="group" aria-label={`${kind} ${name}`}>
            <Group justify="space-between" wrap="nowrap" mb="xs">
              <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                {visibleText(name)}
              </Text>
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                flex="none"
                aria-label={`Take out ${name}`}
                onClick={() => {
                  form.setAll([[place, undefined], ...(withIt?.(name) ?? [])]);
                  list.current?.querySelector<HTMLElement>("[data-add-named] input")?.focus();
                }}
              >
                Take out
              </Button>
            </Group>
            {wrong !== undefined && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {visibleText(wrong)}
              </Text>
            )}
            {isRecord(value) ? children(place, value, name) : <Text size="sm">It cannot be shown here: it is in the JSON.</Text>}
          </Card>
        );
      })}
      {shared.length > 0 && (
        <Text size="sm">As everywhere: {shared.map(visibleText).join(", ")}. To change one here, add it by its name.</Text>
      )}
      <div data-add-named>
        <AddNamed
          label={label}
          {...(description === undefined ? {} : { description })}
          placeholder={placeholder}
          taken={entries.map(([name]) => name)}
          add={(name) => form.set([...path, name], shared.includes(name) ? {} : first)}
        />
      </div>
    </Stack>
  );
}

function namesIn(value: unknown): readonly string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

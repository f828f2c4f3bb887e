import { Button, Stack, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { visibleText } from "../kit/visible-text.ts";
import { usePorts } from "./use-ports.ts";

/** Of the address of a tab the port that it shows. */
export function portOfTab(tab: string): number | undefined {
  const [, port] = /^port-([1-9]\d{0,4})$/.exec(tab) ?? [];
  return port === undefined ? undefined : Number(port);
}

interface PortsProps {
  readonly workspace: string;
  open(tab: string): void;
}

/** What the person's own programs listen on, each with what opens it. */
export function Ports({ workspace, open }: PortsProps) {
  const ports = usePorts(workspace);
  if (ports.length === 0) return undefined;
  return (
    <Stack gap={4} role="group" aria-label="Servers of your own">
      <Text size="xs" c="dimmed" mt="xs">
        Servers of your own
      </Text>
      {ports.map(({ port, name }) => (
        <Button
          key={port}
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          justify="flex-start"
          leftSection={<IconPlugConnected size={16} />}
          onClick={() => open(`port-${port}`)}
          // It holds what is read on it.
          aria-label={name === undefined ? `Open port ${port}` : `Open ${visibleText(name)} (${port})`}
          style={{ flexShrink: 0 }}
        >
          {name === undefined ? `Port ${port}` : `${visibleText(name)} (${port})`}
        </Button>
      ))}
    </Stack>
  );
}

import { AgentError } from "@guise/agent";
import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

export interface ErrorNoticeProps {
  readonly error: unknown;
  /** What did not come about, as a sentence without its period. */
  readonly what: string;
  readonly remedy?: string;
  readonly retry?: () => void;
}

/** What happened, why, and what to do. */
export function ErrorNotice({ error, what, remedy, retry }: ErrorNoticeProps) {
  const known = error instanceof AgentError ? error : undefined;
  const toDo = remedy ?? known?.remedy;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={what} role="alert">
      <Stack gap="xs">
        <Text size="sm">{known?.message ?? (error instanceof Error ? error.message : String(error))}</Text>
        {known !== undefined && known.problems.length > 0 && (
          <List size="sm">
            {known.problems.map((problem) => (
              <List.Item key={`${problem.path} ${problem.message}`}>
                {problem.path}: {problem.message}
              </List.Item>
            ))}
          </List>
        )}
        {toDo !== undefined && (
          <Text size="sm">
            <b>Try:</b> {toDo}
          </Text>
        )}
        {retry !== undefined && (
          <Group>
            <Button size="xs" variant="default" onClick={retry}>
              Try again
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

import { Button, Code, Container, Group, Stack, Text, Title } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";

/** A fault of the page itself. A chunk that is gone because Guise was upgraded is one too: the page is then loaded anew. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <Container size="sm" py="xl" component="main" id="content">
      <Stack gap="sm">
        <Title order={1} size="h3">
          This page has a fault
        </Title>
        <Text>What runs goes on running; only its picture here broke. Loading the page anew helps where Guise was upgraded meanwhile.</Text>
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
        <Group>
          <Button onClick={() => location.reload()}>Load the page anew</Button>
          <Button variant="default" onClick={reset}>
            Try again
          </Button>
        </Group>
      </Stack>
    </Container>
  );
}

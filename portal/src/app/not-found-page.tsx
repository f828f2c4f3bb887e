import { Container, Stack, Text, Title } from "@mantine/core";
import { AnchorLink } from "../kit/links.tsx";

export function NotFoundPage() {
  return (
    <Container size="sm" py="xl" component="main" id="content">
      <Stack gap="xs">
        <Title order={1} size="h3">
          There is no such page
        </Title>
        <Text>The address leads nowhere here: {location.pathname}</Text>
        <AnchorLink to="/">To your personas</AnchorLink>
      </Stack>
    </Container>
  );
}

import { Stack, Title } from "@mantine/core";
import { Awaited } from "./awaited.tsx";

/** While the code of a page is on its way. */
export function PendingPage() {
  return (
    <Stack gap="sm" maw={1100}>
      <Title order={1} size="h3">
        The page is on its way
      </Title>
      <Awaited what="this page" height={240} />
    </Stack>
  );
}

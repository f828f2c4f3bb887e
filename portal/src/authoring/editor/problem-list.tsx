import type { Problem } from "@guise/contract";
import { List, Stack, Text } from "@mantine/core";
import { visibleText } from "../../kit/visible-text.ts";

/** So many are told at once. */
const MOST = 12;

/** What has to be mended, all together. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <Stack gap={4} role="alert">
      <Text size="sm" fw={500}>
        {problems.length === 1 ? "One thing is missing or wrong" : `${problems.length} things are missing or wrong`}
      </Text>
      <List size="sm">
        {problems.slice(0, MOST).map(({ path, message, suggestion }) => (
          <List.Item key={`${path} ${message}`}>
            <Text span size="sm" ff="monospace">
              {visibleText(path.replace(/^\$\.?/, "") || "document")}
            </Text>
            : {visibleText(message)}
            {suggestion !== undefined && `; perhaps ${visibleText(suggestion)}`}
          </List.Item>
        ))}
      </List>
      {problems.length > MOST && <Text size="sm">and {problems.length - MOST} more</Text>}
    </Stack>
  );
}

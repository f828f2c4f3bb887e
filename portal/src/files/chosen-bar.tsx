import type { WorkspaceFiles } from "@guise/agent";
import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type Place, pathOf } from "./paths.ts";

/** Characters of an address that every proxy lets through. */
const LONGEST_ADDRESS = 7000;

interface ChosenBarProps {
  readonly files: WorkspaceFiles;
  readonly place: Place;
  readonly chosen: ReadonlySet<string>;
  clear(): void;
}

/** What can be done with what is chosen. */
export function ChosenBar({ files, place, chosen, clear }: ChosenBarProps) {
  const address = files.zipAddress(pathOf(place), [...chosen]);
  const isTooLong = address.length > LONGEST_ADDRESS;
  return (
    <Group gap="xs" role="group" aria-label="What is chosen">
      <Text size="sm" role="status">
        {chosen.size} chosen
      </Text>
      {isTooLong ? (
        <Text size="sm">These are too many for one zip: choose fewer, or download the folder.</Text>
      ) : (
        <Button
          component="a"
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          href={address}
          download={`${place.at(-1) ?? "home"}.zip`}
        >
          Download as zip
        </Button>
      )}
      <Button size="xs" variant="subtle" onClick={clear}>
        Choose none
      </Button>
    </Group>
  );
}

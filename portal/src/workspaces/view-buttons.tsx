import { ActionIcon, Group, Menu, Tooltip } from "@mantine/core";
import { IconColumns2, IconMaximize } from "@tabler/icons-react";

interface ViewButtonsProps {
  /** What could be shown beside what is looked at. */
  readonly others: readonly { readonly tab: string; readonly name: string }[];
  readonly isSplit: boolean;
  readonly name: string;
  beside(tab: string): void;
  endSplit(): void;
  fillScreen(): void;
}

/** How a workspace's tabs are shown: one, or two side by side, or one on the whole screen. */
export function ViewButtons({ others, isSplit, name, beside, endSplit, fillScreen }: ViewButtonsProps) {
  const whole = `Show ${name} on the whole screen`;
  return (
    <Group gap={4} wrap="nowrap">
      {isSplit ? (
        <Tooltip label="End the split view">
          <ActionIcon variant="light" size="lg" aria-label="End the split view" onClick={endSplit}>
            <IconColumns2 size={18} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Menu position="bottom-end">
          <Menu.Target>
            <Tooltip label="Two tabs side by side">
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Two tabs side by side">
                <IconColumns2 size={18} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Beside {name}</Menu.Label>
            {others.map((other) => (
              <Menu.Item key={other.tab} onClick={() => beside(other.tab)}>
                {other.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Tooltip label={whole}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={whole} onClick={fillScreen}>
          <IconMaximize size={18} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

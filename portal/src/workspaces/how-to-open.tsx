import type { Launchable } from "@guise/contract";
import { Button, Popover, Stack, Text } from "@mantine/core";
import type { ReactElement } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { visibleText } from "../kit/visible-text.ts";

interface HowToOpenProps {
  readonly application: Launchable;
  readonly workspace: string;
  /** A tab can show it, once it has what it needs. */
  readonly open: (() => void) | undefined;
  /** What is clicked. */
  readonly children: ReactElement;
}

/** What a tab cannot show, or not without something that a button cannot give, is named with the command that opens it. */
export function HowToOpen({ application, workspace, open, children }: HowToOpenProps) {
  const name = visibleText(application.name);
  return (
    <Popover width={340} position="right-start" withArrow trapFocus>
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown aria-label={name}>
        <Stack gap="xs">
          <Text size="sm">{howToOpen(application, name)}</Text>
          <CommandHint command={`launch ${workspace} ${application.application}`} />
          {open !== undefined && (
            <Button size="xs" variant="default" onClick={open}>
              Open {name} as it is
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function howToOpen({ kind, needs }: Launchable, name: string): string {
  if (kind === "web") return `${name} is a web application. The command opens it in your browser, over a way of its own:`;
  if (needs !== undefined) return `${name} needs ${visibleText(needs)}. From your own terminal:`;
  return `${name} is a command. Its programs are in the shell; from your own terminal:`;
}

import { Code, Group } from "@mantine/core";
import { CopyButton } from "./copy-button.tsx";

/** The same act as a command. */
export function CommandHint({ command }: { readonly command: string }) {
  return (
    <Group gap={4} wrap="nowrap" align="center" maw="100%">
      <Code className="cut" title={command}>
        {command}
      </Code>
      <CopyButton text={command} what="the command" />
    </Group>
  );
}

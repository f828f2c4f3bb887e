import { Code, Group } from "@mantine/core";
import { CopyButton } from "./copy-button.tsx";

/** The command as set-up puts it into the folder of Guise: there is none of that name in anybody's PATH. */
const PROGRAM = "./guise";

/** The same act as a command; `command` is what stands behind the program. */
export function CommandHint({ command }: { readonly command: string }) {
  const line = `${PROGRAM} ${command}`;
  return (
    <Group gap={4} wrap="nowrap" align="center" maw="100%">
      <Code className="cut" title={line}>
        {line}
      </Code>
      <CopyButton text={line} what="the command" />
    </Group>
  );
}

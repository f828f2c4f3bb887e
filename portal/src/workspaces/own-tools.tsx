import { Anchor, Stack, Text } from "@mantine/core";
import { CommandHint } from "../kit/command-hint.tsx";

/** How one's own editor and terminal come here, over SSH. */
export function OwnTools({ workspace }: { readonly workspace: string }) {
  const host = `guise-${workspace}`;
  return (
    <Stack gap={4} component="section" aria-label="Your own tools" maw={560}>
      <Text size="xs" c="dimmed">
        Your own tools
      </Text>
      <Text size="sm">Once on your machine, for ssh, scp, rsync and editors, or only for this time:</Text>
      <CommandHint command="config-ssh" />
      <CommandHint command={`ssh ${workspace}`} />
      <Text size="sm">
        After the first,{" "}
        <Anchor size="sm" href={`vscode://vscode-remote/ssh-remote+${host}/home/user`}>
          open it in VS Code
        </Anchor>
        , or connect to {host} in another editor.
      </Text>
    </Stack>
  );
}

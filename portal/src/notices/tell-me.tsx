import { Button, Group } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { askOf, askToNotify, canNotify, isAsked, isOn, useBrowserNotices } from "./browser-notices.ts";

/** The browser's own notice, when the page is hidden by then. */
export function TellMe({ workspace }: { readonly workspace: string }) {
  const asked = useBrowserNotices(() => isAsked(workspace) || isOn());
  if (!canNotify()) return null;
  const ask = async () => {
    if (await askToNotify()) askOf(workspace);
  };
  return (
    <Group>
      <Button variant="default" leftSection={<IconBell size={16} />} disabled={asked} onClick={ask}>
        {asked ? "You will be told when it is ready" : "Tell me when it is ready"}
      </Button>
    </Group>
  );
}

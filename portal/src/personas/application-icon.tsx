import type { ApplicationKind, Launchable } from "@guise/contract";
import { Group, Text } from "@mantine/core";
import { type Icon, IconDeviceDesktop, IconPrompt, IconTerminal2, IconWorld } from "@tabler/icons-react";
import { visibleText } from "../kit/visible-text.ts";

const ICONS: Readonly<Record<ApplicationKind, Icon>> = {
  terminal: IconTerminal2,
  web: IconWorld,
  desktop: IconDeviceDesktop,
  command: IconPrompt,
};

export function ApplicationIcon({ application, size = 16 }: { readonly application: Pick<Launchable, "kind">; readonly size?: number }) {
  const Shown = ICONS[application.kind];
  return <Shown size={size} aria-hidden="true" style={{ flexShrink: 0 }} />;
}

export function ApplicationRow({ applications }: { readonly applications: readonly Launchable[] }) {
  return (
    <Group gap="sm" component="ul" m={0} p={0} style={{ listStyle: "none", rowGap: 4 }} aria-label="Applications">
      {applications.map((application) => (
        <Group key={application.application} gap={4} component="li" wrap="nowrap">
          <ApplicationIcon application={application} />
          <Text size="sm">{visibleText(application.name)}</Text>
        </Group>
      ))}
    </Group>
  );
}

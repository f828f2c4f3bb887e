import type { ApplicationIconName, ApplicationKind, Launchable } from "@guise/contract";
import { Group, Text } from "@mantine/core";
import {
  type Icon,
  IconAlignLeft,
  IconChecklist,
  IconDatabase,
  IconDeviceDesktop,
  IconEdit,
  IconFileText,
  IconGitBranch,
  IconGitCommit,
  IconListSearch,
  IconNotebook,
  IconPrompt,
  IconSearch,
  IconTable,
  IconTerminal2,
  IconWorld,
} from "@tabler/icons-react";
import { visibleText } from "../kit/visible-text.ts";

const BY_KIND: Readonly<Record<ApplicationKind, Icon>> = {
  terminal: IconTerminal2,
  web: IconWorld,
  desktop: IconDeviceDesktop,
  command: IconPrompt,
};

const ICONS: Readonly<Record<ApplicationIconName, Icon>> = {
  branch: IconGitBranch,
  browser: IconWorld,
  check: IconChecklist,
  database: IconDatabase,
  document: IconFileText,
  editor: IconEdit,
  format: IconAlignLeft,
  history: IconGitCommit,
  log: IconListSearch,
  notebook: IconNotebook,
  search: IconSearch,
  table: IconTable,
};

interface ApplicationIconProps {
  readonly application: Pick<Launchable, "kind" | "icon">;
  readonly size?: number;
}

export function ApplicationIcon({ application, size = 16 }: ApplicationIconProps) {
  const Shown = application.icon === undefined ? BY_KIND[application.kind] : ICONS[application.icon];
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

import type { ApplicationIconName, ApplicationKind, Launchable } from "@guise/contract";
import { Group, Text } from "@mantine/core";
import {
  type Icon,
  IconAlignLeft,
  IconChartHistogram,
  IconChecklist,
  IconDatabase,
  IconDeviceDesktop,
  IconDna2,
  IconEdit,
  IconFileText,
  IconFolder,
  IconGitBranch,
  IconGitCommit,
  IconLanguage,
  IconListSearch,
  IconMap,
  IconNetwork,
  IconNotebook,
  IconPackage,
  IconPhoto,
  IconPrompt,
  IconSchool,
  IconSearch,
  IconServer,
  IconShieldSearch,
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
  chart: IconChartHistogram,
  check: IconChecklist,
  database: IconDatabase,
  document: IconFileText,
  editor: IconEdit,
  folder: IconFolder,
  format: IconAlignLeft,
  history: IconGitCommit,
  language: IconLanguage,
  log: IconListSearch,
  map: IconMap,
  network: IconNetwork,
  notebook: IconNotebook,
  package: IconPackage,
  picture: IconPhoto,
  school: IconSchool,
  search: IconSearch,
  sequence: IconDna2,
  server: IconServer,
  shield: IconShieldSearch,
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

/** A card names no more; the rest is counted. */
const MOST_NAMED = 8;

export function ApplicationRow({ applications }: { readonly applications: readonly Launchable[] }) {
  const named = applications.length > MOST_NAMED ? applications.slice(0, MOST_NAMED - 1) : applications;
  return (
    <Group gap="sm" component="ul" m={0} p={0} style={{ listStyle: "none", rowGap: 4 }} aria-label="Applications">
      {named.map((application) => (
        <Group key={application.application} gap={4} component="li" wrap="nowrap">
          <ApplicationIcon application={application} />
          <Text size="sm">{visibleText(application.name)}</Text>
        </Group>
      ))}
      {named.length < applications.length && (
        <Text size="sm" c="dimmed" component="li">
          and {applications.length - named.length} more
        </Text>
      )}
    </Group>
  );
}

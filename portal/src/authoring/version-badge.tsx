import type { VersionState, VersionView } from "@guise/contract";
import { Badge, Loader } from "@mantine/core";
import { IconAlertTriangle, IconArchive, IconCheck, IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";

const LOOKS: Readonly<Record<VersionState, { readonly word: string; readonly color: string; readonly icon: ReactNode }>> = {
  draft: { word: "draft", color: "gray", icon: <IconPencil size={12} /> },
  building: { word: "building", color: "blue", icon: <Loader size={10} color="currentColor" aria-hidden="true" /> },
  usable: { word: "usable", color: "green", icon: <IconCheck size={12} /> },
  build_failed: { word: "could not be built", color: "red", icon: <IconAlertTriangle size={12} /> },
  retired: { word: "retired", color: "gray", icon: <IconArchive size={12} /> },
};

export function VersionBadge({ version }: { readonly version: Pick<VersionView, "state" | "latest" | "build"> }) {
  const { word, color, icon } = LOOKS[version.state];
  const percent = version.state === "building" && version.build?.percent !== undefined ? ` ${Math.round(version.build.percent)} %` : "";
  return (
    <Badge variant="outline" color={color} c="var(--mantine-color-text)" leftSection={icon} tt="none" fw={500} miw="max-content">
      {word}
      {percent}
    </Badge>
  );
}

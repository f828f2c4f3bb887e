import { formatBytes, type ImageView } from "@guise/contract";
import { Text } from "@mantine/core";
import { Ago } from "../kit/ago.tsx";
import type { Column } from "../tables/column.ts";

/** What images are of: versions of personas share one where they are made of the same. */
export function versionsText({ versions, kind }: Pick<ImageView, "versions" | "kind">): string {
  if (versions.length === 0) return kind === "layer" ? "left by a build" : "of no version any more";
  return versions
    .map(({ persona_id, version, revision, current }) => `${persona_id} version ${version}${current ? "" : `, old revision ${revision}`}`)
    .join("; ");
}

export function usersText({ workspaces, kept }: Pick<ImageView, "workspaces" | "kept">): string {
  if (workspaces.length === 0) return kept ? "a build, or a start that is near" : "nobody";
  return workspaces.length === 1 ? "1 workspace" : `${workspaces.length} workspaces`;
}

/** What would go, and what at least would be free then: layers that only those share come to it. */
export function removableOf(images: readonly ImageView[]): { readonly count: number; readonly bytes: number } {
  const removable = images.filter(({ kept }) => !kept);
  return { count: removable.length, bytes: removable.reduce((sum, { alone }) => sum + alone, 0) };
}

export const IMAGE_COLUMNS: readonly Column<ImageView>[] = [
  { head: "Of", value: versionsText, cell: (row) => <Text size="sm">{versionsText(row)}</Text> },
  { head: "Takes alone", unit: "bytes", value: ({ alone }) => alone, cell: ({ alone }) => formatBytes(alone) },
  { head: "Shares with others", unit: "bytes", value: ({ shared }) => shared, cell: ({ shared }) => formatBytes(shared) },
  { head: "Last used", value: ({ used_at }) => used_at, cell: ({ used_at }) => <Ago at={used_at} /> },
  { head: "Needed by", value: usersText },
  {
    head: "Image",
    value: ({ image }) => image,
    cell: ({ image }) => (
      <Text size="sm" ff="monospace" title={image}>
        {image.replace(/^.*[:/]/, "").slice(0, 12)}
      </Text>
    ),
  },
];

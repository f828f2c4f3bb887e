import type { CatalogView } from "@guise/contract";
import { Checkbox, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useSession } from "../../session/session.ts";
import { useDraftForm } from "./draft-form.ts";
import { isRecord } from "./draft-text.ts";
import { ChoiceField, ListField } from "./fields.tsx";

const WAYS = [
  { value: "both", label: "Both ways" },
  { value: "in", label: "Only into the workspace" },
  { value: "out", label: "Only out of it" },
  { value: "none", label: "Not at all" },
] as const;

/** Who may ask, and what a workspace may reach: what is not said is closed. */
export function AccessSection({ catalog }: { readonly catalog: CatalogView }) {
  const { agent } = useSession();
  return (
    <Stack gap="sm">
      <ListField
        path={["access_controls", "groups"]}
        label="Who may ask for it"
        description="Groups; without one, the group that owns the persona."
        known={agent.me.groups}
      />
      <DataSources catalog={catalog} />
      <ListField
        path={["access_controls", "network", "egress"]}
        label="What it may connect to"
        description="Addresses with their port: 192.0.2.7/32:443. Without one, nothing outside."
        placeholder="nothing"
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <ChoiceField path={["access_controls", "clipboard"]} label="Clipboard" choices={WAYS} none="Both ways" />
        <ChoiceField path={["access_controls", "file_transfer"]} label="Files up and down" choices={WAYS} none="Both ways" />
      </SimpleGrid>
    </Stack>
  );
}

interface Named {
  readonly source: string;
  readonly access?: string;
}

function DataSources({ catalog: { data_sources: sources } }: { readonly catalog: CatalogView }) {
  const form = useDraftForm();
  const path = ["access_controls", "data_sources"];
  const held = form.held(path);
  const chosen = Array.isArray(held)
    ? held.filter((one): one is Named & Record<string, unknown> => isRecord(one) && typeof one.source === "string")
    : [];
  const set = (next: readonly Named[]) => form.set(path, next.length === 0 ? undefined : next);
  if (sources.length === 0) return <Text size="sm">No data source is registered in this installation.</Text>;
  return (
    <Stack gap={6} role="group" aria-label="Data sources">
      <Text size="sm" fw={500}>
        Data sources
      </Text>
      {sources.map(({ source, kind, writable }) => {
        const one = chosen.find((named) => named.source === source);
        const others = chosen.filter((named) => named.source !== source);
        return (
          <Group key={source} gap="md">
            <Checkbox
              label={`${source} (${kind}), read`}
              checked={one !== undefined}
              onChange={({ currentTarget: { checked } }) => set(checked ? [...others, { source, access: "read" }] : others)}
            />
            {writable && one !== undefined && (
              <Checkbox
                label="and written"
                checked={one.access === "write"}
                onChange={({ currentTarget: { checked } }) => set([...others, { source, access: checked ? "write" : "read" }])}
              />
            )}
          </Group>
        );
      })}
    </Stack>
  );
}

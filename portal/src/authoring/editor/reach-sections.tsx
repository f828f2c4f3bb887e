import { BASE_NAMES, BASES, type CatalogView, NODE_MAJORS, PRIORITY_NAMES } from "@guise/contract";
import { Group, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { useSession } from "../../session/session.ts";
import { useDraftForm } from "./draft-form.ts";
import { isRecord } from "./draft-text.ts";
import { CheckField, ChoiceField, ListField, TextField } from "./fields.tsx";
import { SIZES } from "./sizes.ts";

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
            <CheckField
              label={`${source} (${kind}), read`}
              checked={one !== undefined}
              set={(yes) => set(yes ? [...others, { source, access: "read" }] : others)}
            />
            {writable && one !== undefined && (
              <CheckField
                label="and written"
                checked={one.access === "write"}
                set={(yes) => set([...others, { source, access: yes ? "write" : "read" }])}
              />
            )}
          </Group>
        );
      })}
    </Stack>
  );
}

/** None of them. */
const OWN = "As below";

/** What a workspace is given, and to what it may grow. */
export function ResourceSection() {
  const form = useDraftForm();
  const held = form.held(["resource_requirements"]);
  const size = SIZES.find(({ of }) => isRecord(held) && Object.entries(of).every(([key, value]) => held[key] === value));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Size"
        data={[...SIZES.map(({ name }) => name), ...(size === undefined ? [OWN] : [])]}
        value={size?.name ?? OWN}
        onChange={(name) => {
          const next = SIZES.find((one) => one.name === name);
          if (next !== undefined) form.set(["resource_requirements"], next.of);
        }}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextField required path={["resource_requirements", "cpu"]} label="Cpu" description="Cores: 2, or 500m for half a one." />
        <TextField required path={["resource_requirements", "ram"]} label="Memory" description="4Gi, 512Mi" />
        <TextField required path={["resource_requirements", "storage"]} label="Storage" description="Of the home: 10Gi" />
        <TextField
          required
          path={["resource_requirements", "network_bandwidth"]}
          label="Network"
          description="Per second, each way: 50Mbit"
        />
        <TextField
          path={["resource_limits", "cpu"]}
          label="Cpu, at most"
          description="To which a person may resize it."
          placeholder="not more"
        />
        <TextField
          path={["resource_limits", "ram"]}
          label="Memory, at most"
          description="To which a person may resize it."
          placeholder="not more"
        />
      </SimpleGrid>
    </Stack>
  );
}

/** How long it lives, and what it stands on. */
export function LifeSection() {
  const form = useDraftForm();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextField path={["lifetime", "idle"]} label="Paused when unused for" description="30m, 2h" placeholder="never" />
      <TextField path={["lifetime", "maximum"]} label="Given back after" description="12h, 7d" placeholder="never" />
      <ChoiceField
        path={["lifetime", "home"]}
        label="Files when it is given back"
        none="Deleted"
        choices={[
          { value: "keep", label: "Kept for the person's next workspace" },
          { value: "delete", label: "Deleted" },
        ]}
      />
      <ChoiceField
        path={["priority"]}
        label="Priority when room is short"
        none="normal"
        choices={PRIORITY_NAMES.map((value) => ({ value, label: value }))}
      />
      <TextField path={["time_zone"]} label="Time zone" description="A person's own browser comes before it." placeholder="UTC" />
      {form.environment === undefined && (
        <>
          <TextField
            path={["locale"]}
            label="Language"
            description="de_DE, en_GB; a person's own browser comes before it."
            placeholder="none"
          />
          <ChoiceField
            path={["base"]}
            label="Stands on"
            description="The distribution, and with it the Python."
            none="what the installation has"
            choices={BASE_NAMES.map((value) => ({ value, label: `${value}, Python ${BASES[value].python}` }))}
          />
          <ChoiceField
            path={["runtimes", "node"]}
            label="Node for npm packages"
            none="the newest"
            choices={NODE_MAJORS.map((value) => ({ value, label: value }))}
          />
        </>
      )}
    </SimpleGrid>
  );
}

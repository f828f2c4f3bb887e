import { SegmentedControl, SimpleGrid, Stack } from "@mantine/core";
import { useDraftForm } from "./draft-form.ts";
import { isRecord } from "./draft-text.ts";
import { TextField } from "./fields.tsx";
import { SIZES } from "./sizes.ts";

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
        <TextField
          path={["resource_limits", "network_bandwidth"]}
          label="Network, at most"
          description="To which a person may resize it."
          placeholder="not more"
        />
      </SimpleGrid>
    </Stack>
  );
}

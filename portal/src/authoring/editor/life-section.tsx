import { BASE_NAMES, BASES, NODE_MAJORS, PRIORITY_NAMES } from "@guise/contract";
import { SimpleGrid } from "@mantine/core";
import { useDraftForm } from "./draft-form.ts";
import { ChoiceField, TextField } from "./fields.tsx";

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
      <TextField
        path={["stop_grace"]}
        label="Time that programs have to end"
        description="30s, 2m; then they are ended."
        placeholder="10s"
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

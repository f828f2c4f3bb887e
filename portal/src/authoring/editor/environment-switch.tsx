import { Button, Collapse, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { visibleText } from "../../kit/visible-text.ts";
import { AddNamed } from "./add-named.tsx";

/** What no environment can be called. */
const ALL = "";

interface EnvironmentSwitchProps {
  readonly environments: readonly string[];
  readonly chosen: string | undefined;
  choose(environment: string | undefined): void;
  add(environment: string): void;
  remove(environment: string): void;
}

/** Which environment the form writes to. */
export function EnvironmentSwitch({ environments, chosen, choose, add, remove }: EnvironmentSwitchProps) {
  const [asked, { toggle }] = useDisclosure(false);
  return (
    <Stack gap={6}>
      {environments.length > 0 && (
        <SegmentedControl
          aria-label="What is said here holds in"
          data={[{ value: ALL, label: "All environments" }, ...environments.map((one) => ({ value: one, label: visibleText(one) }))]}
          value={chosen ?? ALL}
          onChange={(next) => choose(next === ALL ? undefined : next)}
        />
      )}
      {chosen === undefined ? (
        <div>
          <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={asked}>
            Otherwise in some environment
          </Button>
          <Collapse expanded={asked}>
            <AddNamed
              label="Its name"
              description="Where settings, size or access are other than usual."
              placeholder="staging"
              taken={environments}
              add={add}
            />
          </Collapse>
        </div>
      ) : (
        <Group gap="xs">
          <Text size="sm">What is said here holds in {visibleText(chosen)} alone; a field that is empty has what holds in all.</Text>
          <Button size="compact-xs" variant="default" onClick={() => remove(chosen)}>
            Take out {visibleText(chosen)}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

import { type GroupView, PRIORITY_NAMES, type Priority } from "@guise/contract";
import { Button, Group, Select, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { useSession } from "../session/session.ts";
import type { Column } from "../tables/column.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { useTableOrder } from "../tables/use-table-order.ts";
import { GroupDialog } from "./group-dialog.tsx";

const COLUMNS: readonly Column<GroupView>[] = [
  { head: "Group", value: ({ group }) => group },
  { head: "Highest priority", value: ({ priority }) => priority },
  { head: "People", value: ({ members }) => members.length },
  { head: "Who", value: ({ members }) => members.join(", ") },
];

export function Groups({ groups }: { readonly groups: readonly GroupView[] }) {
  const [isMaking, setIsMaking] = useState(false);
  const [granted, setGranted] = useState<GroupView>();
  const table = useTableOrder(groups, COLUMNS);
  return (
    <section aria-labelledby="groups">
      <Stack gap="sm">
        <Group justify="space-between" align="end">
          <Title order={2} size="h4" id="groups">
            Groups
          </Title>
          <Group gap="xs">
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setIsMaking(true)}>
              New group
            </Button>
            <CsvButton table="Groups" columns={COLUMNS} rows={() => groups} />
          </Group>
        </Group>
        <Text size="sm">Personas are for groups. People are put into them by their account, above.</Text>
        {groups.length > 0 && (
          <DataTable
            name="Groups"
            columns={COLUMNS}
            minWidth={560}
            keyOf={({ group }) => group}
            acts={(group) => (
              <Button variant="default" size="xs" onClick={() => setGranted(group)} aria-label={`Change the priority of ${group.group}`}>
                Priority …
              </Button>
            )}
            {...table}
          />
        )}
        {isMaking && <GroupDialog taken={groups.map(({ group }) => group)} close={() => setIsMaking(false)} />}
        {granted !== undefined && <GrantDialog group={granted} close={() => setGranted(undefined)} />}
      </Stack>
    </section>
  );
}

function GrantDialog({ group: { group, priority }, close }: { readonly group: GroupView; close(): void }) {
  const { admin } = useSession().agent;
  const queries = useQueryClient();
  const [chosen, setChosen] = useState(priority as Priority);
  const grant = useMutation({
    mutationFn: () => admin.grant(group, chosen),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["groups"] });
      close();
    },
  });
  return (
    <Dialog title={`What ${group} may ask for`} close={close}>
      <Select
        label="Highest priority"
        description="People of the group may ask for this, and for less. What waits at a higher priority comes first, and may take the room of what runs at a lower one."
        data={[...PRIORITY_NAMES]}
        value={chosen}
        onChange={(value) => setChosen((value as Priority | null) ?? chosen)}
        allowDeselect={false}
        data-autofocus
      />
      {grant.isError && <ErrorNotice error={grant.error} what="It was not changed" />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={grant.isPending} onClick={() => grant.mutate()}>
          Change
        </Button>
      </Group>
      <CommandHint command={`admin grant ${group} ${chosen}`} />
    </Dialog>
  );
}

import type { AccountView } from "@guise/contract";
import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Column } from "../tables/column.ts";
import { CsvButton } from "../tables/csv-button.tsx";
import { DataTable } from "../tables/data-table.tsx";
import { useTableOrder } from "../tables/use-table-order.ts";
import { AccountActs } from "./account-acts.tsx";
import { AccountDialog } from "./account-dialog.tsx";
import { ROLE_WORDS } from "./roles.ts";
import { SignInCodeDialog } from "./sign-in-code-dialog.tsx";

const COLUMNS: readonly Column<AccountView>[] = [
  { head: "Account", value: ({ account }) => account },
  { head: "Name", value: ({ name }) => name },
  { head: "E-mail", value: ({ email }) => email },
  { head: "Roles", value: ({ roles }) => roles.map((role) => ROLE_WORDS[role].word).join(", ") },
  { head: "Groups", value: ({ groups }) => groups.join(", ") },
  {
    head: "Signing in",
    value: ({ disabled }) => (disabled ? "disabled" : "allowed"),
    cell: ({ disabled }) =>
      disabled ? (
        <Badge variant="outline" color="red" c="var(--mantine-color-text)" tt="none" fw={500}>
          disabled
        </Badge>
      ) : (
        "allowed"
      ),
  },
];

interface PeopleProps {
  readonly people: readonly AccountView[];
  readonly groups: readonly string[];
}

export function People({ people, groups }: PeopleProps) {
  const [isMaking, setIsMaking] = useState(false);
  /** With the code that was just given for it: it is shown this once. */
  const [coded, setCoded] = useState<AccountView>();
  const table = useTableOrder(people, COLUMNS);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="end">
        <Title order={1} size="h3">
          People
        </Title>
        <Group gap="xs">
          <Button size="xs" leftSection={<IconUserPlus size={14} />} onClick={() => setIsMaking(true)}>
            New account
          </Button>
          <CsvButton table="People" columns={COLUMNS} rows={() => people} />
        </Group>
      </Group>
      {people.length === 0 ? (
        <Text>There is no account on this machine: people sign in where the identity provider of this installation knows them.</Text>
      ) : (
        <DataTable
          name="People"
          columns={COLUMNS}
          minWidth={760}
          keyOf={({ account }) => account}
          acts={(account) => <AccountActs account={account} groups={groups} coded={setCoded} />}
          {...table}
        />
      )}
      {isMaking && <AccountDialog groups={groups} made={setCoded} close={() => setIsMaking(false)} />}
      {coded !== undefined && <SignInCodeDialog account={coded} close={() => setCoded(undefined)} />}
    </Stack>
  );
}

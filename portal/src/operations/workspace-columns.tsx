import {
  type AccountView,
  type Amounts,
  formatBytes,
  NO_AMOUNTS,
  REASONS,
  type WorkspaceOrder,
  type WorkspaceState,
  type WorkspaceView,
} from "@guise/contract";
import { Text } from "@mantine/core";
import { Ago } from "../kit/ago.tsx";
import { needsText } from "../kit/needs.ts";
import { StateBadge, stateWord } from "../kit/state-badge.tsx";
import { visibleText } from "../kit/visible-text.ts";
import type { Column } from "../tables/column.ts";

const HEADS = { person: "Person", persona: "Persona", state: "State", requested: "Requested" } as const;

/** What the broker orders by, by the head that asks for it. */
export const ORDER_OF: Readonly<Record<string, WorkspaceOrder>> = {
  [HEADS.person]: "owner",
  [HEADS.persona]: "persona",
  [HEADS.state]: "state",
  [HEADS.requested]: "requested",
};

/** How people are called, where that is known. */
export function peopleByAccount(accounts: readonly AccountView[]): ReadonlyMap<string, string> {
  return new Map(accounts.flatMap(({ account, name }) => (name === undefined ? [] : [[account, name]])));
}

/** What runs holds all of its room, what is paused that of its home, and what waits or is over nothing. */
const HOLDS: Readonly<Record<WorkspaceState, "all" | "storage" | "nothing">> = {
  queued: "nothing",
  provisioning: "all",
  ready: "all",
  suspending: "all",
  suspended: "storage",
  failing: "all",
  failed: "storage",
  releasing: "all",
  released: "nothing",
};

export function heldBy({ state, demand }: Pick<WorkspaceView, "state" | "demand">): Amounts {
  const holds = HOLDS[state];
  return holds === "all" ? demand : holds === "storage" ? { ...NO_AMOUNTS, storage: demand.storage } : NO_AMOUNTS;
}

/** Why it is so; what is ready has nothing to explain, unless nobody can enter it. */
export function whyText({ state, message, reason, shut }: WorkspaceView): string {
  if (shut !== undefined) return shut.why;
  if (state === "ready") return "";
  return message ?? REASONS[reason as keyof typeof REASONS] ?? reason ?? "";
}

export function workspaceColumns(people: ReadonlyMap<string, string>): Column<WorkspaceView>[] {
  return [
    {
      head: HEADS.person,
      value: ({ owner }) => owner,
      cell: ({ owner }) => <Person account={owner} name={people.get(owner)} />,
    },
    {
      head: HEADS.persona,
      value: ({ persona_name }) => persona_name,
      cell: ({ persona_name, name, environment, version }) => (
        <>
          {visibleText(persona_name)}
          <Text size="xs" c="dimmed">
            {name === "main" ? "" : `${name} · `}
            {environment} · version {version}
          </Text>
        </>
      ),
    },
    { head: HEADS.state, value: ({ state }) => stateWord(state), cell: ({ state }) => <StateBadge state={state} /> },
    { head: "Why", value: whyText, cell: (row) => <Text size="sm">{visibleText(whyText(row))}</Text> },
    { head: "Holds", value: heldText, cell: (row) => <Text size="sm">{heldText(row)}</Text> },
    { head: HEADS.requested, value: ({ requested_at }) => requested_at, cell: ({ requested_at }) => <Ago at={requested_at} /> },
    { head: "Ready since", value: readySince, cell: (row) => <Since at={readySince(row)} /> },
    { head: "Id", value: ({ workspace_id }) => workspace_id },
  ];
}

function readySince({ state, ready_at }: WorkspaceView): string | undefined {
  return state === "ready" ? ready_at : undefined;
}

function Since({ at }: { readonly at: string | undefined }) {
  return at === undefined ? null : <Ago at={at} />;
}

function heldText(row: WorkspaceView): string {
  const held = heldBy(row);
  if (held.cpu > 0) return needsText(held);
  return held.storage > 0 ? `${formatBytes(held.storage)} storage` : "nothing";
}

function Person({ account, name }: { readonly account: string; readonly name: string | undefined }) {
  if (name === undefined) return visibleText(account);
  return (
    <>
      {visibleText(name)}
      <Text size="xs" c="dimmed">
        {visibleText(account)}
      </Text>
    </>
  );
}

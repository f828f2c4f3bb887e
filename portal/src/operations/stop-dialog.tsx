import type { WorkspaceView } from "@guise/contract";
import { Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { shellArgument } from "../personas/parameters.ts";
import { useSession } from "../session/session.ts";
import { fateOf, type Stop } from "./stops.ts";

interface StopDialogProps {
  readonly workspace: WorkspaceView;
  readonly stops: readonly Stop[];
  close(): void;
}

const LABELS: Readonly<Record<Stop, string>> = { suspend: "Pause it", release: "Give it back" };
const ACTS: Readonly<Record<Stop, string>> = { suspend: "Pause", release: "Give back" };

/** Asks which way, and why; names what ends and what is kept before anything does. */
export function StopDialog({ workspace, stops, close }: StopDialogProps) {
  const { agent } = useSession();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Stop | undefined>(stops[0]);
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const { workspace_id, owner, persona_name } = workspace;
  // What could be done when this was opened, and by now cannot, is not offered on.
  const stop = chosen !== undefined && stops.includes(chosen) ? chosen : (stops[0] ?? "release");
  const act = useMutation({
    mutationFn: async () => (await agent.workspaceById(workspace_id)).ask(stop, { reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["everybody's workspaces"] });
      close();
    },
  });
  const isWithout = reason.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!isWithout) act.mutate();
  };
  const { ends, kept } = fateOf(stop, workspace);
  return (
    <Dialog title={`Stop ${visibleText(persona_name)} of ${visibleText(owner)}`} close={close}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {stops.length > 1 && (
            <Radio.Group label="How" value={stop} onChange={(value) => setChosen(value as Stop)}>
              <Group mt={4}>
                {stops.map((one) => (
                  <Radio key={one} value={one} label={LABELS[one]} />
                ))}
              </Group>
            </Radio.Group>
          )}
          <Text>
            <b>Ends:</b> {ends}
          </Text>
          <Text>
            <b>Kept:</b> {kept}
          </Text>
          <TextInput
            label="Why"
            description={`${visibleText(owner)} reads this, with your name. It is kept in the audit.`}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={asked && isWithout ? "It needs a reason: its person reads it." : undefined}
            maxLength={200}
            autoComplete="off"
            required
            data-autofocus
          />
          {act.isError && <ErrorNotice error={act.error} what="It was not stopped" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Let it go on
            </Button>
            <Button type="submit" color="red.9" loading={act.isPending}>
              {ACTS[stop]}
            </Button>
          </Group>
          <CommandHint command={`${stop} ${workspace_id} --reason ${shellArgument(reason.trim() === "" ? "why" : reason.trim())}`} />
        </Stack>
      </form>
    </Dialog>
  );
}

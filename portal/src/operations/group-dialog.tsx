import { NAME_PATTERN } from "@guise/contract";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { useSession } from "../session/session.ts";

/** Asks for the name of a new group. */
export function GroupDialog({ taken, close }: { readonly taken: readonly string[]; close(): void }) {
  const { admin } = useSession().agent;
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [asked, setAsked] = useState(false);
  const wrong = !NAME_PATTERN.test(name)
    ? "Lower-case letters, digits and inner hyphens, at most 63."
    : taken.includes(name)
      ? "There is a group of that name."
      : undefined;
  const make = useMutation({
    mutationFn: () => admin.createGroup(name),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["groups"] });
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (wrong === undefined) make.mutate();
  };
  return (
    <Dialog title="New group" close={close}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={asked ? wrong : undefined}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            required
            data-autofocus
          />
          {make.isError && <ErrorNotice error={make.error} what="The group was not made" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending}>
              Make the group
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

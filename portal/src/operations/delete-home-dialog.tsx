import { formatBytes, type HomeView } from "@guise/contract";
import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CommandHint } from "../kit/command-hint.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";

/** Names whose files go, before they do. */
export function DeleteHomeDialog({ home: view, close }: { readonly home: HomeView; close(): void }) {
  const { homes } = useSession().agent;
  const queries = useQueryClient();
  const { home, owner, persona_id, environment, name, taken, bytes } = view;
  const remove = useMutation({
    mutationFn: () => homes.delete(home),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["everybody's homes"] });
      close();
    },
  });
  const whose =
    owner === undefined
      ? "It lies on the engine, and no person is known for it."
      : `It is ${visibleText(owner)}'s, of ${persona_id} (${environment}${name === "main" ? "" : `, ${name}`}).`;
  return (
    <Dialog title={`Delete the home ${home}`} close={close}>
      <Text>{whose}</Text>
      <Text>
        <b>Deleted:</b> all of its files, {formatBytes(taken)}, for good. Nothing of it is kept.
      </Text>
      <Text>
        <b>Free then:</b> {formatBytes(bytes)} that are set aside for it.
      </Text>
      {remove.isError && <ErrorNotice error={remove.error} what="It was not deleted" />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close} data-autofocus>
          Keep it
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
          Delete for good
        </Button>
      </Group>
      <CommandHint command={`admin homes delete ${home}`} />
    </Dialog>
  );
}

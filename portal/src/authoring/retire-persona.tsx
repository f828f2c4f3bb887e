import type { VersionView } from "@guise/contract";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";

/** A persona that is offered no longer, and one of which nothing is left. */
export function RetirePersona({ persona: { persona_id, persona_name, retired } }: { readonly persona: VersionView }) {
  const { agent } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"retire" | "remove">();
  const retire = useMutation({
    mutationFn: (yes: boolean) => agent.personas.retire(persona_id, yes),
    onSuccess: async () => {
      setAsked(undefined);
      await queries.invalidateQueries({ queryKey: ["versions", persona_id] });
    },
  });
  const remove = useMutation({ mutationFn: () => agent.personas.remove(persona_id), onSuccess: () => navigate({ to: "/authoring" }) });
  const name = visibleText(persona_name);
  return (
    <>
      {retired === true ? (
        <>
          <Text size="sm">Retired: nobody can request it.</Text>
          <Button size="compact-sm" variant="default" loading={retire.isPending} onClick={() => retire.mutate(false)}>
            Offer it again
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setAsked("remove")}>
            Remove it
          </Button>
        </>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => setAsked("retire")}>
          Retire it
        </Button>
      )}
      {asked !== undefined && (
        <Dialog title={asked === "retire" ? `Retire ${name}?` : `Remove ${name}?`} close={() => setAsked(undefined)}>
          <Stack gap="sm">
            <Text size="sm">
              {asked === "retire"
                ? "Nobody can request it any more. Workspaces of it go on, kept files stay, and it can be offered again."
                : "All its versions are removed, with their images. What is left of workspaces and kept files of it has to be given back first."}
            </Text>
            {retire.isError && <ErrorNotice error={retire.error} what="It was not retired" />}
            {remove.isError && <ErrorNotice error={remove.error} what="It was not removed" />}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setAsked(undefined)}>
                Leave it
              </Button>
              <Button
                color="red.9"
                loading={retire.isPending || remove.isPending}
                onClick={() => (asked === "retire" ? retire.mutate(true) : remove.mutate())}
              >
                {asked === "retire" ? "Retire" : "Remove"}
              </Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </>
  );
}

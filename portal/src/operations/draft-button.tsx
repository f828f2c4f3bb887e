import type { UsageInsight } from "@guise/contract";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { leaveDraft } from "../authoring/editor/new-draft.ts";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { draftFor } from "./insight-draft.ts";

/** Opens the persona in the editor, changed as the insight would have it; nothing is published by it. For authors, as the editor is. */
export function DraftButton({ insight }: { readonly insight: UsageInsight }) {
  const { agent } = useSession();
  const navigate = useNavigate();
  const { persona_id: persona, persona_name, version } = insight;
  const make = useMutation({
    mutationFn: async () => {
      const { definition } = await agent.personas.version(persona, version);
      const draft = draftFor(definition, insight);
      if (draft === undefined) throw new Error("The version names it otherwise than this page expects; change it in its editor.");
      leaveDraft(`${JSON.stringify(draft, null, 2)}\n`);
      await navigate({ to: "/authoring/-/new", search: { persona } });
    },
  });
  if (!agent.me.roles.includes("author")) return null;
  const what = insight.kind === "unused_application" ? `without ${insight.application_name}` : `with another size of ${insight.dimension}`;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        loading={make.isPending}
        onClick={() => make.mutate()}
        aria-label={`Make a draft of ${visibleText(persona_name)} ${visibleText(what)}`}
      >
        Make a draft
      </Button>
      {make.isError && <ErrorNotice error={make.error} what="No draft was made" />}
    </>
  );
}

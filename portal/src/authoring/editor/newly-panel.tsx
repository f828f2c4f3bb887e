import { useQuery } from "@tanstack/react-query";
import { Awaited } from "../../connection/awaited.tsx";
import { ErrorNotice } from "../../kit/error-notice.tsx";
import { useSession } from "../../session/session.ts";
import { DifferenceView } from "../difference-panel.tsx";

/** What the draft changes against the version that requests get. */
export function NewlyPanel({ persona, document }: { readonly persona: string; readonly document: string }) {
  const { agent } = useSession();
  const difference = useQuery({
    queryKey: ["difference", persona, document],
    queryFn: () => agent.personas.difference(persona, { document }),
    staleTime: 60_000,
  });
  if (difference.isError) return <ErrorNotice error={difference.error} what="It could not be compared" />;
  if (difference.isPending) return <Awaited what="the difference" height={120} />;
  return <DifferenceView difference={difference.data} />;
}

import { AgentError, type PersonaAgent } from "@guise/agent";
import { Center, Container, Loader, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { useAfter } from "../kit/use-after.ts";
import { LiveStore } from "../live/live-store.ts";
import { endSession } from "../session/browser-session.ts";
import { connection } from "../session/first-connection.ts";
import { type Session, SessionContext } from "../session/session.ts";
import { type SignInSearch, signInSearch } from "../session/sign-in-search.ts";
import { Shell } from "./shell.tsx";

/** Ms after which a Guise that did not answer is asked again, beside the agent's own tries. */
const TRY_AGAIN = 3_000;

/** Everything behind the sign-in: connects once, and leads to the sign-in page when there is none. */
export function SignedIn() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [session, setSession] = useState<Session>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const leave = useCallback(
    (search: SignInSearch) => {
      queries.clear();
      void navigate({ to: "/sign-in", search });
    },
    [navigate, queries],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt connects anew
  useEffect(() => {
    let live: LiveStore | undefined;
    let gone = false;
    const begin = (agent: PersonaAgent) => {
      if (gone) return;
      // What was asked for meanwhile, and failed or is old, is asked for once more.
      live = new LiveStore(agent, { ended: () => leave(here()), back: () => void queries.invalidateQueries() });
      const signOut = async () => {
        await endSession();
        leave({});
      };
      setSession({ agent, live, signOut });
    };
    connection().then(begin, (reason: unknown) => {
      if (gone) return;
      if (reason instanceof AgentError && reason.code === "not_authenticated") leave(here());
      else setError(reason);
    });
    return () => {
      gone = true;
      live?.close();
    };
  }, [leave, attempt, queries]);
  const again = useCallback(() => {
    setError(undefined);
    setAttempt((before) => before + 1);
  }, []);
  useEffect(() => {
    if (!(error instanceof AgentError && error.code === "unreachable")) return;
    const timer = setTimeout(again, TRY_AGAIN);
    return () => clearTimeout(timer);
  }, [error, again]);

  if (session !== undefined) {
    return (
      <SessionContext value={session}>
        <Shell />
      </SessionContext>
    );
  }
  if (error === undefined) return <Connecting />;
  return (
    <Container size="sm" py={64} component="main" id="content">
      <ErrorNotice error={error} what="Guise does not answer" retry={again} />
    </Container>
  );
}

/** The page to come back to. */
function here(): SignInSearch {
  return location.pathname === "/" ? {} : signInSearch({ page: `${location.pathname}${location.search}` });
}

function Connecting() {
  const slow = useAfter(1000);
  return (
    <Center mih="60vh" component="main" id="content">
      <Stack align="center" gap="sm">
        <Loader role="img" aria-label="Connecting" />
        <Text c="dimmed" role="status">
          {slow ? "Guise has not answered yet; it is asked again by itself." : ""}
        </Text>
      </Stack>
    </Center>
  );
}

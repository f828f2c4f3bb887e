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
import { Shell } from "./shell.tsx";

/** Everything behind the sign-in: connects once, and leads to the sign-in page when there is none. */
export function SignedIn() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [session, setSession] = useState<Session>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const leave = useCallback(() => {
    queries.clear();
    void navigate({ to: "/sign-in" });
  }, [navigate, queries]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt connects anew
  useEffect(() => {
    let live: LiveStore | undefined;
    let gone = false;
    const begin = (agent: PersonaAgent) => {
      if (gone) return;
      live = new LiveStore(agent, leave);
      const signOut = async () => {
        await endSession();
        leave();
      };
      setSession({ agent, live, signOut });
    };
    connection().then(begin, (reason: unknown) => {
      if (gone) return;
      if (reason instanceof AgentError && reason.code === "not_authenticated") leave();
      else setError(reason);
    });
    return () => {
      gone = true;
      live?.close();
    };
  }, [leave, attempt]);

  if (session !== undefined) {
    return (
      <SessionContext value={session}>
        <Shell />
      </SessionContext>
    );
  }
  if (error === undefined) return <Connecting />;
  const again = () => {
    setError(undefined);
    setAttempt(attempt + 1);
  };
  return (
    <Container size="sm" py={64} component="main" id="content">
      <ErrorNotice error={error} what="Guise does not answer" retry={again} />
    </Container>
  );
}

function Connecting() {
  const slow = useAfter(1000);
  return (
    <Center mih="60vh" component="main" id="content">
      <Stack align="center" gap="sm">
        <Loader role="img" aria-label="Connecting" />
        <Text c="dimmed" role="status">
          {slow ? "Connecting to Guise" : ""}
        </Text>
      </Stack>
    </Center>
  );
}

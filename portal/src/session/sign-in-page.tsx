import { Button, Container, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { Mark } from "../kit/mark.tsx";
import { openSession } from "./browser-session.ts";

/** Codes are base64url of 256 bits. A link leads to pages of this portal alone. */
const LINK = /^#code=([A-Za-z0-9_-]{20,200})(?:&page=(%2F[A-Za-z]+%2F[a-z0-9-]+))?$/;

/**
 * Redeems a link's code, after a click: a page that only sends people here signs nobody in unseen. The code leaves the address at once,
 * so that history and screenshots do not keep it.
 */
export function SignInPage() {
  const [[, code, page] = []] = useState(() => LINK.exec(location.hash) ?? undefined);
  const navigate = useNavigate();
  useEffect(() => {
    if (location.hash !== "") history.replaceState(history.state, "", "/sign-in");
    document.title = "Sign in · Guise";
  }, []);
  const signIn = useMutation({
    mutationFn: openSession,
    onSuccess: () => navigate({ to: page === undefined ? "/" : decodeURIComponent(page), replace: true }),
  });
  return (
    <Container size={440} py={64} component="main" id="content">
      <Stack gap="lg">
        <Mark />
        <Paper withBorder p="lg">
          <Stack gap="md">
            <Title order={1} size="h3">
              {code === undefined ? "Sign in by a link" : "Sign in to this browser"}
            </Title>
            {code === undefined ? (
              <>
                <Text>
                  On the machine where Guise runs, or where you are signed in with the command, ask for a link. It works once, for ten
                  minutes.
                </Text>
                <CommandHint command="guise open" />
              </>
            ) : (
              <>
                <Text>The link works once. This browser stays signed in for 30 days, or until you sign out.</Text>
                <Button autoFocus loading={signIn.isPending} disabled={signIn.isError} onClick={() => signIn.mutate(code)}>
                  Sign in
                </Button>
              </>
            )}
            {signIn.isError && <ErrorNotice error={signIn.error} what="Nobody was signed in" remedy="Ask for a new link: guise open" />}
          </Stack>
        </Paper>
      </Stack>
    </Container>
  );
}

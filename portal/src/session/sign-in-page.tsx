import { Button, Container, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { Mark } from "../kit/mark.tsx";
import { openSession } from "./browser-session.ts";
import { codeInFragment, codeInText, type SignInCode } from "./sign-in-code.ts";

/**
 * Redeems a link's code, after a click: a page that only sends people here signs nobody in unseen. The code leaves the address at once,
 * so that history and screenshots do not keep it.
 */
export function SignInPage() {
  const navigate = useNavigate();
  const signIn = useMutation({
    mutationFn: ({ code }: SignInCode) => openSession(code),
    onSuccess: (_answer, { page }) => navigate({ to: page ?? "/", replace: true }),
  });
  const linked = useLinkedCode(signIn.reset);
  useEffect(() => {
    document.title = "Sign in · Guise";
  }, []);
  const usable = signIn.isError ? undefined : linked;
  return (
    <Container size={440} py={64} component="main" id="content">
      <Stack gap="lg">
        <Mark />
        <Paper withBorder p="lg">
          <Stack gap="md">
            <Title order={1} size="h3">
              {usable === undefined ? "Sign in by a link" : "Sign in to this browser"}
            </Title>
            {signIn.isError && <ErrorNotice error={signIn.error} what="Nobody was signed in" remedy="Ask for a new link, as below." />}
            {usable === undefined ? (
              <ByHand pending={signIn.isPending} take={signIn.mutate} />
            ) : (
              <>
                <Text>The link works once. This browser stays signed in for 30 days, or until you sign out.</Text>
                <Button autoFocus loading={signIn.isPending} onClick={() => signIn.mutate(usable)}>
                  Sign in
                </Button>
              </>
            )}
          </Stack>
        </Paper>
      </Stack>
    </Container>
  );
}

/** Of the address; also of a link that is opened in this very tab, which changes nothing but the fragment. */
function useLinkedCode(another: () => void): SignInCode | undefined {
  const [linked, setLinked] = useState(() => codeInFragment(location.hash));
  useEffect(() => {
    const look = () => {
      if (location.hash === "") return;
      const code = codeInFragment(location.hash);
      history.replaceState(history.state, "", "/sign-in");
      if (code === undefined) return;
      another();
      setLinked(code);
    };
    look();
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [another]);
  return linked;
}

function ByHand({ pending, take }: { readonly pending: boolean; take(code: SignInCode): void }) {
  const [wrong, setWrong] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = codeInText(String(new FormData(event.currentTarget).get("code") ?? ""), location.origin);
    if ("wrong" in found) setWrong(found.wrong);
    else take(found);
  };
  return (
    <>
      <Text>
        In the folder of Guise on the machine where it runs, ask for a link. It works once, for ten minutes: open it, or paste it here.
      </Text>
      <CommandHint command="open" />
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            name="code"
            label="Sign-in link or code"
            description="Yours, or what an operator gave you for your new account"
            autoComplete="one-time-code"
            spellCheck={false}
            error={wrong}
            onChange={() => setWrong(undefined)}
          />
          <Button type="submit" loading={pending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </>
  );
}

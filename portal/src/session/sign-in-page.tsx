import { Button, Container, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { Mark } from "../kit/mark.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { accountOfCode, openSession, signInProvider } from "./browser-session.ts";
import { ByProvider, SignInFailed } from "./by-provider.tsx";
import { codeInFragment, codeInText, type SignInCode } from "./sign-in-code.ts";

/**
 * Redeems a link's code, after a click: a page that only sends people here signs nobody in unseen. The code leaves the address at once,
 * so that history and screenshots do not keep it.
 */
export function SignInPage() {
  const { history } = useRouter();
  const wanted = useSearch({ from: "/sign-in" });
  const signIn = useMutation({
    mutationFn: ({ code }: SignInCode) => openSession(code),
    onSuccess: (_answer, { page }) => history.replace(page ?? wanted.page ?? "/"),
  });
  const provider = useQuery({ queryKey: ["sign-in"], queryFn: signInProvider, staleTime: Number.POSITIVE_INFINITY });
  const linked = useLinkedCode(signIn.reset);
  useEffect(() => {
    document.title = "Sign in · Guise";
  }, []);
  const whom = useAccountOf(linked);
  const failed = signIn.error ?? whom.error;
  const usable = failed === null ? linked : undefined;
  return (
    <Container size={440} py={64} component="main" id="content">
      <Stack gap="lg">
        <Mark />
        <Paper withBorder p="lg">
          <Stack gap="md">
            <Title order={1} size="h3">
              {usable !== undefined ? "Sign in to this browser" : provider.data ? "Sign in" : "Sign in by a link"}
            </Title>
            {wanted.failed !== undefined && usable === undefined && <SignInFailed failed={wanted.failed} />}
            {failed !== null && <ErrorNotice error={failed} what="Nobody was signed in" remedy="Ask for a new link, as below." />}
            {usable === undefined && provider.data && <ByProvider provider={provider.data} page={wanted.page} />}
            {usable === undefined ? (
              // What comes first is known within a moment: nothing moves then.
              !provider.isPending && <ByHand second={Boolean(provider.data)} pending={signIn.isPending} take={signIn.mutate} />
            ) : (
              <>
                <AsWhom account={whom.data} />
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

/** Characters of 256 bits: what is typed is not asked about before. */
const WHOLE_CODE = 43;

/** Known before anybody signs in: a link may be somebody else's, sent so that one works as them unawares. */
function useAccountOf(linked: SignInCode | undefined) {
  return useQuery({
    queryKey: ["account of a sign-in code", linked?.code],
    queryFn: () => accountOfCode(linked?.code ?? ""),
    enabled: linked !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

function AsWhom({ account }: { readonly account: string | undefined }) {
  return (
    <Text aria-live="polite" mih="1.55em">
      {account !== undefined && (
        <>
          You sign in as <strong>{visibleText(account)}</strong>.
        </>
      )}
    </Text>
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

interface ByHandProps {
  /** Most people sign in otherwise. */
  readonly second: boolean;
  readonly pending: boolean;
  take(code: SignInCode): void;
}

function ByHand({ second, pending, take }: ByHandProps) {
  const [wrong, setWrong] = useState<string>();
  const [pasted, setPasted] = useState<SignInCode>();
  const whom = useAccountOf(pasted);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = codeInText(String(new FormData(event.currentTarget).get("code") ?? ""), location.origin);
    if ("wrong" in found) setWrong(found.wrong);
    else take(found);
  };
  return (
    <>
      {!second && (
        <>
          <Text>
            In the folder of Guise on the machine where it runs, ask for a link. It works once, for ten minutes: open it, or paste it here.
          </Text>
          <CommandHint command="open" />
        </>
      )}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            name="code"
            label="Sign-in link or code"
            description="Yours, or what an operator gave you for your new account"
            autoComplete="one-time-code"
            spellCheck={false}
            error={wrong}
            onChange={({ currentTarget }) => {
              setWrong(undefined);
              const found = codeInText(currentTarget.value, location.origin);
              setPasted("wrong" in found || found.code.length < WHOLE_CODE ? undefined : found);
            }}
          />
          {whom.data !== undefined && <AsWhom account={whom.data} />}
          <Button type="submit" loading={pending} variant={second ? "default" : "filled"}>
            Sign in
          </Button>
        </Stack>
      </form>
    </>
  );
}

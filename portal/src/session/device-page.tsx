import { hasCode } from "@guise/agent";
import type { DeviceView } from "@guise/contract";
import { Button, Container, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "./session.ts";

/** A program without a browser waits to be signed in as whoever allows it here: after a look at what it is, and never by the link alone. */
export function DevicePage() {
  usePageTitle("Sign in a program");
  const { agent } = useSession();
  const linked = useSearch({ from: "/inside/device" }).code;
  const [code, setCode] = useState(linked);
  const waiting = useQuery({
    queryKey: ["device", code],
    queryFn: () => agent.devices.show(code ?? ""),
    enabled: code !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const answer = useMutation({ mutationFn: (allow: boolean) => agent.devices.answer(waiting.data?.user_code ?? "", allow) });
  const gone = hasCode(waiting.error, "not_found") || hasCode(answer.error, "not_found");
  const failed = answer.error ?? waiting.error;
  return (
    <Container size={520} px={0} mx={0}>
      <Stack gap="md">
        <Title order={1} size="h3">
          Sign in a program
        </Title>
        {failed !== null && (
          <ErrorNotice
            error={failed}
            what={gone ? "Nothing waits under this code" : "The program was not answered"}
            {...(gone ? { remedy: "Codes are good for ten minutes, and once. Have the program show a new one." } : {})}
          />
        )}
        {answer.isSuccess ? (
          <Text role="status">
            {answer.variables ? "It is signed in as you. You can close this page." : "It was refused, and knows it."}
          </Text>
        ) : waiting.data === undefined ? (
          <ByHand looking={waiting.isFetching} look={setCode} />
        ) : (
          <Asked view={waiting.data} account={agent.me.account} pending={answer.isPending} answer={answer.mutate} />
        )}
      </Stack>
    </Container>
  );
}

interface AskedProps {
  readonly view: DeviceView;
  readonly account: string;
  readonly pending: boolean;
  answer(allow: boolean): void;
}

function Asked({ view, account, pending, answer }: AskedProps) {
  return (
    <Paper withBorder p="lg">
      <Stack gap="md">
        <Text>
          <strong>{visibleText(view.client)}</strong>, at the address {visibleText(view.address)}, wants to be signed in as{" "}
          <strong>{visibleText(account)}</strong>. It could do all that you may, for 30 days.
        </Text>
        <div>
          <Text size="sm" c="dimmed">
            Allow it only if you started it yourself just now, and it shows this code:
          </Text>
          <Text ff="monospace" fw={700} fz={28} aria-label={`Code ${[...view.user_code].join(" ")}`} role="img">
            {view.user_code}
          </Text>
        </div>
        <Group>
          <Button loading={pending} onClick={() => answer(true)}>
            Allow
          </Button>
          <Button variant="default" disabled={pending} onClick={() => answer(false)}>
            Refuse
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

interface ByHandProps {
  readonly looking: boolean;
  look(code: string): void;
}

function ByHand({ looking, look }: ByHandProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("code") ?? "").trim();
    if (typed !== "") look(typed);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          name="code"
          label="Code"
          description="As the program shows it, such as BCDF-GHJK"
          autoComplete="one-time-code"
          spellCheck={false}
          autoFocus
        />
        <Group>
          <Button type="submit" loading={looking}>
            Look at it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

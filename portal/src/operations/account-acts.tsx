import type { AccountView } from "@guise/contract";
import { ActionIcon, Button, Group, Menu, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CommandHint } from "../kit/command-hint.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { AccountDialog } from "./account-dialog.tsx";

interface AccountActsProps {
  readonly account: AccountView;
  readonly groups: readonly string[];
  coded(account: AccountView): void;
}

type Asked = "change" | "code" | "disable" | "enable";

/** What may be done with an account, each behind its question. */
export function AccountActs({ account, groups, coded }: AccountActsProps) {
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`What to do with ${visibleText(account.account)}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked("change")}>Change roles, groups, name …</Menu.Item>
          {!account.disabled && <Menu.Item onClick={() => setAsked("code")}>New sign-in code …</Menu.Item>}
          <Menu.Item onClick={() => setAsked(account.disabled ? "enable" : "disable")}>
            {account.disabled ? "Enable …" : "Disable …"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === "change" && <AccountDialog account={account} groups={groups} close={close} />}
      {asked !== undefined && asked !== "change" && <AccountQuestion account={account} asked={asked} coded={coded} close={close} />}
    </>
  );
}

interface Question {
  readonly title: string;
  readonly says: string;
  readonly act: string;
  readonly command: string;
  readonly failed: string;
  readonly isHard?: true;
}

const QUESTIONS: Readonly<Record<Exclude<Asked, "change">, Question>> = {
  code: {
    title: "A new sign-in code for",
    says: "It signs in once, within ten minutes. Codes that were given before lose their worth; who is signed in stays so.",
    act: "Make a code",
    command: "code",
    failed: "No code was made",
  },
  disable: {
    title: "Disable",
    says: "They cannot do anything from now on, and what is open in their browser closes within a minute. Workspaces, homes and everything else of theirs stay as they are, until somebody stops or deletes them.",
    act: "Disable",
    command: "disable",
    failed: "It was not disabled",
    isHard: true,
  },
  enable: {
    title: "Enable",
    says: "They may do again what their roles and groups allow.",
    act: "Enable",
    command: "enable",
    failed: "It was not enabled",
  },
};

interface AccountQuestionProps extends Omit<AccountActsProps, "groups"> {
  readonly asked: Exclude<Asked, "change">;
  close(): void;
}

function AccountQuestion({ account, asked, coded, close }: AccountQuestionProps) {
  const { admin } = useSession().agent;
  const queries = useQueryClient();
  const { title, says, act, command, failed, isHard } = QUESTIONS[asked];
  const name = account.account;
  const doIt = useMutation({
    mutationFn: () => (asked === "code" ? admin.signInCode(name) : admin.changeAccount(name, { disabled: asked === "disable" })),
    onSuccess: async (view) => {
      await queries.invalidateQueries({ queryKey: ["accounts"] });
      close();
      if (asked === "code") coded(view);
    },
  });
  return (
    <Dialog title={`${title} ${visibleText(name)}`} close={close}>
      <Text>{says}</Text>
      {doIt.isError && <ErrorNotice error={doIt.error} what={failed} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close} data-autofocus>
          Leave it as it is
        </Button>
        <Button {...(isHard ? { color: "red.9" } : {})} loading={doIt.isPending} onClick={() => doIt.mutate()}>
          {act}
        </Button>
      </Group>
      <CommandHint command={`admin account ${command} ${name}`} />
    </Dialog>
  );
}

import type { AccountView } from "@guise/contract";
import { Button, Code, Group, Text } from "@mantine/core";
import { CopyButton } from "../kit/copy-button.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { visibleText } from "../kit/visible-text.ts";

/** The one-time code and its link: shown this once, and kept nowhere. */
export function SignInCodeDialog({ account, close }: { readonly account: AccountView; close(): void }) {
  const { account: name, sign_in_code: code = "", sign_in_link: link } = account;
  return (
    <Dialog title={`The way in for ${visibleText(name)}`} close={close}>
      <Text>
        Give one of these to {visibleText(account.name ?? name)}. It signs in once, within ten minutes, as this account whoever has it, and
        is not shown again; a new one can be made at any time.
      </Text>
      {link !== undefined && <Once label="As a link for a browser" text={link} what="the link" />}
      <Once label="As a code: on the sign-in page, or for the command" text={code} what="the code" />
      <Group justify="flex-end">
        <Button onClick={close} data-autofocus>
          Done
        </Button>
      </Group>
    </Dialog>
  );
}

function Once({ label, text, what }: { readonly label: string; readonly text: string; readonly what: string }) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <Group gap={4} wrap="nowrap" align="start">
        <Code style={{ overflowWrap: "anywhere", userSelect: "all" }}>{text}</Code>
        <CopyButton text={text} what={what} />
      </Group>
    </div>
  );
}

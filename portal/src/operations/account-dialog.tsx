import type { AccountView, Role } from "@guise/contract";
import { ROLES } from "@guise/contract";
import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { type AccountFields, changeOf, fieldsOf, wrongIn } from "./account-fields.ts";
import { ROLE_WORDS } from "./roles.ts";

interface AccountDialogProps {
  /** The one that is changed; without it one is made. */
  readonly account?: AccountView;
  readonly groups: readonly string[];
  /** With the one-time code of a new one. */
  made?(account: AccountView): void;
  close(): void;
}

/** Everything that is known of an account: to make one, or to change it. */
export function AccountDialog({ account, groups, made, close }: AccountDialogProps) {
  const { agent } = useSession();
  const queries = useQueryClient();
  const [fields, setFields] = useState<AccountFields>(() => fieldsOf(account));
  const [asked, setAsked] = useState(false);
  const wrong = wrongIn(fields, account === undefined);
  const set = (changed: Partial<AccountFields>) => setFields((before) => ({ ...before, ...changed }));
  const save = useMutation({
    mutationFn: () => {
      const { roles, groups: into, name, email } = fields;
      if (account !== undefined) return agent.admin.changeAccount(account.account, changeOf(account, fields));
      const called = { ...(name === "" ? {} : { name }), ...(email === "" ? {} : { email }) };
      return agent.admin.createAccount(fields.account.trim(), roles, into, called);
    },
    onSuccess: async (view) => {
      await Promise.all(["accounts", "groups"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      close();
      made?.(view);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (Object.keys(wrong).length === 0) save.mutate();
  };
  const text = (key: "account" | "name" | "email") => ({
    value: fields[key],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => set({ [key]: event.currentTarget.value }),
    error: asked ? wrong[key] : undefined,
    autoComplete: "off",
  });
  return (
    <Dialog title={account === undefined ? "New account" : `Change ${visibleText(account.account)}`} close={close}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {account === undefined && (
            <TextInput
              label="Account"
              description="By this they sign in: lower-case letters, digits and hyphens"
              maxLength={63}
              spellCheck={false}
              required
              data-autofocus
              {...text("account")}
            />
          )}
          <TextInput label="Name" description="As people call them; personas may say it" maxLength={255} {...text("name")} />
          <TextInput label="E-mail" description="Personas may say it; nothing is sent there" maxLength={254} {...text("email")} />
          <Checkbox.Group
            label="Roles"
            value={fields.roles}
            onChange={(roles) => set({ roles: roles as Role[] })}
            error={asked ? wrong.roles : undefined}
          >
            <Stack gap={6} mt={4}>
              {ROLES.map((role) => (
                <Checkbox key={role} value={role} label={`${ROLE_WORDS[role].word}: ${ROLE_WORDS[role].may}`} />
              ))}
            </Stack>
          </Checkbox.Group>
          {groups.length === 0 ? (
            <Text size="sm">There are no groups yet.</Text>
          ) : (
            <Checkbox.Group label="Groups" value={[...fields.groups]} onChange={(chosen) => set({ groups: chosen })}>
              <Group gap="sm" mt={4}>
                {groups.map((group) => (
                  <Checkbox key={group} value={group} label={group} />
                ))}
              </Group>
            </Checkbox.Group>
          )}
          {save.isError && (
            <ErrorNotice error={save.error} what={account === undefined ? "The account was not made" : "It was not changed"} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {account === undefined ? "Make the account" : "Change"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";

interface NameDialogProps {
  readonly title: string;
  readonly label: string;
  readonly act: string;
  readonly first: string;
  /** Of the folder: none of them is taken. */
  readonly taken: readonly string[];
  readonly pending: boolean;
  readonly error: unknown;
  give(name: string): void;
  close(): void;
}

/** Asks for the name of a file or folder. */
export function NameDialog({ title, label, act, first, taken, pending, error, give, close }: NameDialogProps) {
  const [name, setName] = useState(first);
  const [asked, setAsked] = useState(false);
  const wrong = wrongIn(name, first, taken);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (wrong === undefined) give(name);
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label={label}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={asked ? wrong : undefined}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
          {error !== null && <ErrorNotice error={error} what="It was not done" />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={pending}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** A slash is another place: "work/report.txt" moves it there. */
function wrongIn(name: string, first: string, taken: readonly string[]): string | undefined {
  if (name.trim() === "") return "It needs a name.";
  if (name === first) return "It is called so already.";
  return taken.includes(name) ? "Something here has that name." : undefined;
}

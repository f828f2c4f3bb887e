import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";

interface AddNamedProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder: string;
  /** Names that are there already. */
  readonly taken: readonly string[];
  add(name: string): void;
}

/** One more of what is called by a name: a variable, a parameter, an environment. */
export function AddNamed({ label, description, placeholder, taken, add }: AddNamedProps) {
  const [name, setName] = useState("");
  const isTaken = taken.includes(name);
  const done = () => {
    if (name === "" || isTaken) return;
    add(name);
    setName("");
  };
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label={label}
        {...(description === undefined ? {} : { description })}
        placeholder={placeholder}
        value={name}
        spellCheck={false}
        {...(isTaken ? { error: "It is there already." } : {})}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          done();
        }}
      />
      <Button variant="default" disabled={name === "" || isTaken} onClick={done}>
        Add
      </Button>
    </Group>
  );
}

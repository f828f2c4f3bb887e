import { TextInput } from "@mantine/core";
import { useState } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { idOf, useDraftForm } from "./draft-form.ts";
import { LongTextField, TextField } from "./fields.tsx";

/** Its name and what it is for; a new one's id follows its name until it is written itself. */
export function AboutSection({ isNew }: { readonly isNew: boolean }) {
  const form = useDraftForm();
  if (form.environment !== undefined) return <LongTextField path={["description"]} label="What it is for" />;
  return (
    <>
      {isNew ? <NameAndId /> : <TextField required path={["persona_name"]} label="Name" />}
      <LongTextField path={["description"]} label="What it is for" description="A sentence that people read before they open it." />
    </>
  );
}

function NameAndId() {
  const form = useDraftForm();
  const name = textOf(form.own(["persona_name"]));
  const id = textOf(form.own(["persona_id"]));
  const [own, setOwn] = useState(id !== "" && id !== idOf(name));
  const wrong = { name: form.problemAt(["persona_name"]), id: form.problemAt(["persona_id"]) };
  return (
    <>
      <TextInput
        label="Name"
        required
        value={name}
        {...(wrong.name === undefined || name === "" ? {} : { error: visibleText(wrong.name) })}
        onChange={(event) => {
          const next = event.currentTarget.value;
          form.setAll([[["persona_name"], next], ...(own ? [] : [[["persona_id"], idOf(next)] as const])]);
        }}
      />
      <TextInput
        label="Name in commands and addresses"
        description="It never changes."
        required
        value={id}
        spellCheck={false}
        {...(wrong.id === undefined || id === "" ? {} : { error: visibleText(wrong.id) })}
        onChange={(event) => {
          setOwn(event.currentTarget.value !== "");
          form.set(["persona_id"], event.currentTarget.value);
        }}
      />
    </>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

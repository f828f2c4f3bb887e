import type { ParameterDefinition, VersionView } from "@guise/contract";
import { Button, Checkbox, Collapse, Group, NumberInput, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { CommandHint } from "../kit/command-hint.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { ButtonLink } from "../kit/links.tsx";
import { needsText } from "../kit/needs.ts";
import { usePageTitle } from "../kit/page-title.ts";
import { visibleText } from "../kit/visible-text.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";
import { noteAsked } from "../workspaces/asked-here.ts";
import { ApplicationRow } from "./application-icon.tsx";
import { draftVersion } from "./draft-version.ts";
import { ownSurroundings } from "./own-surroundings.ts";
import { type Fields, firstFields, parametersOf, refusedOf, shellArgument, valuesOf } from "./parameters.ts";

const personasOf = ({ personas }: LivePicture) => personas;

/** A request with what it may say; a link fills it in and waits for the click. */
export function RequestPage() {
  const { persona: id } = useParams({ from: "/inside/open/$persona" });
  const personas = useLive(useSession().live, personasOf);
  const persona = personas?.find(({ persona_id }) => persona_id === id);
  usePageTitle(persona === undefined ? "Open a persona" : `Open ${visibleText(persona.persona_name)}`);
  if (personas === undefined) return <Awaited what="the persona" height={320} maw={640} />;
  if (persona === undefined) {
    return (
      <Stack gap="xs" maw={640}>
        <Title order={1} size="h3">
          There is no persona “{visibleText(id)}” for you
        </Title>
        <Text>It may be spelled otherwise, or belong to a group that you are not in.</Text>
        <Group>
          <ButtonLink to="/" variant="default">
            To your personas
          </ButtonLink>
        </Group>
      </Stack>
    );
  }
  return <RequestForm persona={persona} />;
}

function RequestForm({ persona }: { readonly persona: VersionView }) {
  const { agent, live } = useSession();
  const given = useSearch({ from: "/inside/open/$persona" });
  const navigate = useNavigate();
  const [fields, setFields] = useState<Fields>(() => firstFields(persona, given));
  const [environment, setEnvironment] = useState(() => firstEnvironment(persona, given.environment));
  const [name, setName] = useState("");
  const [more, { toggle }] = useDisclosure(false);
  const [shown, setShown] = useState(false);
  const { values, wrong } = valuesOf(persona, fields);
  const options = {
    parameters: values,
    ...(environment === undefined ? {} : { environment }),
    ...(name === "" ? {} : { name }),
  };
  const request = useMutation({
    mutationFn: () => agent.askForPersona(persona.persona_id, { ...options, ...draftVersion(persona), ...ownSurroundings() }),
    onSuccess: ({ id, view }) => {
      live.note(view);
      noteAsked(id);
      return navigate({ to: "/workspaces/$workspace", params: { workspace: id } });
    },
  });
  const refused = refusedOf(request.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShown(true);
    if (Object.keys(wrong).length === 0) request.mutate();
  };
  const title = visibleText(persona.persona_name);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={640}>
        <Title order={1} size="h3">
          Open {title}
        </Title>
        {persona.description !== undefined && <Text>{visibleText(persona.description)}</Text>}
        <ApplicationRow applications={persona.applications} />
        {persona.demand !== undefined && (
          <Text size="sm" c="dimmed">
            {needsText(persona.demand)}
          </Text>
        )}
        {persona.environments.length > 1 && (
          <Select
            label="Environment"
            data={[...persona.environments]}
            value={environment ?? persona.default_environment}
            allowDeselect={false}
            onChange={(value) => setEnvironment(value ?? undefined)}
          />
        )}
        {parametersOf(persona).map(([key, definition]) => (
          <ParameterField
            key={key}
            name={key}
            definition={definition}
            value={fields[key] ?? ""}
            wrong={shown ? (wrong[key] ?? refused[key]) : undefined}
            change={(value) => {
              if (request.isError) request.reset();
              setFields((before) => ({ ...before, [key]: value }));
            }}
          />
        ))}
        <div>
          <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={more}>
            Another workspace of it
          </Button>
          <Collapse expanded={more}>
            <TextInput
              mt="xs"
              label="Name"
              description="A name of its own asks for a workspace beside the one that you hold; without one you get that one."
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </Collapse>
        </div>
        {request.isError && <ErrorNotice error={request.error} what={`${title} was not opened`} />}
        {persona.state !== "usable" && (
          <Text role="status">It is still being built: {visibleText(persona.build?.message ?? "waits for its turn")}.</Text>
        )}
        <Group>
          <Button type="submit" loading={request.isPending} disabled={persona.state !== "usable"}>
            Open
          </Button>
          <ButtonLink to="/" variant="default">
            Back
          </ButtonLink>
        </Group>
        <CommandHint command={commandOf(persona.persona_id, options)} />
      </Stack>
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly definition: ParameterDefinition;
  readonly value: string | boolean;
  readonly wrong: string | undefined;
  change(value: string | boolean): void;
}

function ParameterField({ name, definition, value, wrong, change }: FieldProps) {
  const { type, description, default: first, enum: choices, minimum, maximum } = definition;
  const shared = {
    label: name,
    ...(description === undefined ? {} : { description: visibleText(description) }),
    ...(wrong === undefined ? {} : { error: wrong }),
  };
  const required = first === undefined;
  if (typeof value === "boolean") return <Checkbox {...shared} checked={value} onChange={(event) => change(event.currentTarget.checked)} />;
  if (choices !== undefined)
    return (
      <Select
        {...shared}
        required={required}
        data={choices.map(String)}
        value={value === "" ? null : value}
        onChange={(chosen) => change(chosen ?? "")}
      />
    );
  if (type !== "string") {
    const bounds = { ...(minimum === undefined ? {} : { min: minimum }), ...(maximum === undefined ? {} : { max: maximum }) };
    return (
      <NumberInput
        {...shared}
        {...bounds}
        required={required}
        value={value}
        allowDecimal={type === "number"}
        onChange={(next) => change(String(next))}
      />
    );
  }
  return (
    <TextInput {...shared} required={required} value={value} spellCheck={false} onChange={(event) => change(event.currentTarget.value)} />
  );
}

function firstEnvironment({ environments }: VersionView, given: unknown): string | undefined {
  return typeof given === "string" && environments.includes(given) ? given : undefined;
}

function commandOf(
  persona: string,
  { parameters, environment, name }: { parameters: Readonly<Record<string, unknown>>; environment?: string; name?: string },
) {
  return [
    `request ${persona}`,
    ...(environment === undefined ? [] : [`--environment ${environment}`]),
    ...(name === undefined ? [] : [`--name ${shellArgument(name)}`]),
    ...Object.entries(parameters).map(([key, value]) => `--param ${key}=${shellArgument(String(value))}`),
  ].join(" ");
}

import { type Preferences, SHELLS } from "@guise/contract";
import { Fieldset, Select, SimpleGrid, TextInput } from "@mantine/core";

interface WordFieldsProps {
  readonly preferences: Preferences;
  change(part: Preferences): void;
}

/** Programs, who commits, language and time zone. */
export function WordFields({ preferences, change }: WordFieldsProps) {
  const { editor = "", shell, git = {}, language = "", time_zone: zone = "" } = preferences;
  const commits = (part: NonNullable<Preferences["git"]>) =>
    change({ git: Object.fromEntries(Object.entries({ ...git, ...part }).filter(([, value]) => value !== "")) });
  return (
    <>
      <Fieldset legend="Terminal">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Editor"
            description="What other programs open to have a text written, such as vim or nano"
            spellCheck={false}
            value={editor}
            onChange={(event) => change({ editor: event.currentTarget.value })}
          />
          <Select
            label="Shell"
            description="Bash, in a workspace that does not have it"
            placeholder="bash"
            clearable
            data={[...SHELLS]}
            value={shell ?? null}
            onChange={(value) => change({ shell: (value ?? undefined) as Preferences["shell"] })}
          />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Git">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Name"
            autoComplete="name"
            value={git.name ?? ""}
            onChange={(event) => commits({ name: event.currentTarget.value })}
          />
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="email"
            value={git.email ?? ""}
            onChange={(event) => commits({ email: event.currentTarget.value })}
          />
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Language and time">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Language"
            description="Such as de or pt-BR"
            placeholder={navigator.language}
            spellCheck={false}
            value={language}
            onChange={(event) => change({ language: event.currentTarget.value })}
          />
          <TextInput
            label="Time zone"
            description="Such as Europe/Berlin"
            placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone}
            spellCheck={false}
            value={zone}
            onChange={(event) => change({ time_zone: event.currentTarget.value })}
          />
        </SimpleGrid>
      </Fieldset>
    </>
  );
}

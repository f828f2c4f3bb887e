import type { CatalogApplication, CatalogSetting } from "@guise/contract";
import { Accordion, Group, Stack, Text } from "@mantine/core";
import { visibleText } from "../../kit/visible-text.ts";
import { ApplicationIcon } from "../../personas/application-icon.tsx";
import { useDraftForm } from "./draft-form.ts";
import { isRecord } from "./draft-text.ts";
import { ChoiceField, JsonField, ListField, NumberField, TextField, YesNoField } from "./fields.tsx";

/** The settings of the applications that were chosen, each by its type. */
export function SettingFields({ applications }: { readonly applications: readonly CatalogApplication[] }) {
  const form = useDraftForm();
  const withSettings = applications.filter(({ settings }) => Object.keys(settings).length > 0);
  if (withSettings.length === 0) return null;
  return (
    <Accordion variant="separated" chevronPosition="left">
      {withSettings.map(({ application, name, kind, icon, settings }) => {
        const own = form.own(["application_configuration", application]);
        const count = isRecord(own) ? Object.keys(own).length : 0;
        return (
          <Accordion.Item key={application} value={application}>
            <Accordion.Control>
              <Group gap="xs" wrap="nowrap">
                <ApplicationIcon application={{ kind, icon }} />
                <Text size="sm">Settings of {visibleText(name)}</Text>
                {count > 0 && (
                  <Text size="xs" c="dimmed">
                    {count} set
                  </Text>
                )}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                {Object.entries(settings).map(([key, setting]) => (
                  <SettingField key={key} application={application} name={key} setting={setting} />
                ))}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}

function SettingField({
  application,
  name,
  setting,
}: {
  readonly application: string;
  readonly name: string;
  readonly setting: CatalogSetting;
}) {
  const { type, description, enum: choices, minimum, maximum, default: first, apply } = setting;
  const told = apply === "enforced" ? `${description} Set anew at every start.` : description;
  const shared = {
    path: ["application_configuration", application, name],
    label: name.replaceAll("_", " "),
    description: visibleText(told),
    ...(first === undefined ? {} : { placeholder: String(first) }),
  };
  if (choices !== undefined)
    return (
      <ChoiceField
        {...shared}
        none={first === undefined ? "not set" : String(first)}
        choices={choices.map((value) => ({ value: String(value), label: String(value) }))}
      />
    );
  if (type === "boolean") return <YesNoField {...shared} />;
  if (type === "integer" || type === "number")
    return (
      <NumberField
        {...shared}
        whole={type === "integer"}
        {...(minimum === undefined ? {} : { minimum })}
        {...(maximum === undefined ? {} : { maximum })}
      />
    );
  if (type === "list") return <ListField {...shared} />;
  if (type === "map") return <JsonField {...shared} />;
  return <TextField {...shared} />;
}

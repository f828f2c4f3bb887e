import { type CatalogApplication, KINDS } from "@guise/contract";
import { ActionIcon, Checkbox, Group, Stack, Text } from "@mantine/core";
import { IconPackage, IconTrash } from "@tabler/icons-react";
import { visibleText } from "../../kit/visible-text.ts";
import { ApplicationIcon } from "../../personas/application-icon.tsx";
import classes from "./application-section.module.css";
import { useDraftForm } from "./draft-form.ts";
import { openingChange, opensByItself } from "./launch-list.ts";

interface ChosenApplicationsProps {
  readonly chosen: readonly string[];
  readonly known: ReadonlyMap<string, CatalogApplication>;
}

/** What the persona is made of, each with whether it opens by itself. */
export function ChosenApplications({ chosen, known }: ChosenApplicationsProps) {
  const form = useDraftForm();
  if (chosen.length === 0) return <Text size="sm">None yet: search for what the work needs.</Text>;
  return (
    <Stack gap={4} component="ul" m={0} p={0} aria-label="Applications of the persona" style={{ listStyle: "none" }}>
      {chosen.map((text, index) => {
        const application = known.get(text);
        const wrong = form.problemAt(["required_applications", index]);
        return (
          <li key={text} className={classes.row}>
            <Group gap="xs" wrap="nowrap" miw={0} flex={1}>
              {application === undefined ? <IconPackage size={16} aria-hidden="true" /> : <ApplicationIcon application={application} />}
              <div className={classes.words}>
                <Text size="sm">{visibleText(application?.name ?? text)}</Text>
                {wrong !== undefined && (
                  <Text size="xs" c="var(--mantine-color-error)" role="alert">
                    {visibleText(wrong)}
                  </Text>
                )}
              </div>
            </Group>
            {application !== undefined && KINDS[application.kind].runsAs !== undefined && (
              <Checkbox
                size="xs"
                label="opens by itself"
                aria-label={`${application.name} opens by itself`}
                checked={opensByItself(form, text)}
                onChange={({ currentTarget: { checked } }) => form.setAll([openingChange(form, text, checked)])}
              />
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take out ${text}`}
              onClick={() =>
                form.setAll([[["required_applications"], chosen.filter((one) => one !== text)], openingChange(form, text, false)])
              }
            >
              <IconTrash size={16} />
            </ActionIcon>
          </li>
        );
      })}
    </Stack>
  );
}

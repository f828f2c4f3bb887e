import type { CatalogView } from "@guise/contract";
import { Stack, Text } from "@mantine/core";
import { visibleText } from "../../kit/visible-text.ts";
import { ChosenApplications } from "./chosen-applications.tsx";
import { useDraftForm } from "./draft-form.ts";
import { textsIn } from "./draft-text.ts";
import { SearchApplications } from "./search-applications.tsx";
import { SettingFields } from "./setting-fields.tsx";

/** What the persona is made of: found by search, with its settings. */
export function ApplicationSection({ catalog }: { readonly catalog: CatalogView }) {
  const form = useDraftForm();
  const chosen = textsIn(form.held(["required_applications"]));
  const known = new Map(catalog.applications.map((application) => [application.application, application]));
  const applications = chosen.map((text) => known.get(text)).filter((one) => one !== undefined);
  // That none is there yet is seen.
  const wrong = chosen.length === 0 ? undefined : form.problemAt(["required_applications"]);
  return (
    <Stack gap="sm">
      {form.environment === undefined && (
        <>
          <ChosenApplications chosen={chosen} known={known} />
          {wrong !== undefined && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {visibleText(wrong)}
            </Text>
          )}
          <SearchApplications catalog={catalog} chosen={chosen} />
        </>
      )}
      <SettingFields applications={applications} />
    </Stack>
  );
}

import { type CatalogView, KINDS } from "@guise/contract";
import { Stack, Text } from "@mantine/core";
import { visibleText } from "../../kit/visible-text.ts";
import { ChosenApplications } from "./chosen-applications.tsx";
import { useDraftForm } from "./draft-form.ts";
import { isRecord, textsIn } from "./draft-text.ts";
import { ListField } from "./fields.tsx";
import { SearchApplications } from "./search-applications.tsx";
import { SettingFields } from "./setting-fields.tsx";

/** What the persona is made of: found by search, with its settings. */
export function ApplicationSection({ catalog }: { readonly catalog: CatalogView }) {
  const form = useDraftForm();
  const chosen = textsIn(form.held(["required_applications"]));
  const known = new Map(catalog.applications.map((application) => [application.application, application]));
  const applications = chosen.map((text) => known.get(text)).filter((one) => one !== undefined);
  const programs = chosen.filter((text) => !known.has(text)).map(packageName);
  const opened = applications.filter(({ kind }) => KINDS[kind].runsAs !== undefined).map(({ application }) => application);
  const own = form.everywhere(["applications"]);
  const launchable = [...new Set([...opened, ...(isRecord(own) ? Object.keys(own) : []), ...programs])];
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
      <ListField
        path={["launch"]}
        label="What opens when the workspace is ready"
        description="Applications, and programs of packages, by their names."
        placeholder="nothing"
        known={launchable}
      />
      {form.environment === undefined && (
        <ListField
          path={["accepted_gaps"]}
          label="Packages taken with what they lack"
          description="npm:NAME, where the build says that its install script asked for something in vain and the persona does without."
          placeholder="none"
        />
      )}
    </Stack>
  );
}

/** "npm:@scope/tool@1.2" → "@scope/tool". */
function packageName(text: string): string {
  const name = text.slice(text.indexOf(":") + 1);
  const end = name.slice(1).search(/[=<>~!@]/);
  return end === -1 ? name : name.slice(0, end + 1);
}

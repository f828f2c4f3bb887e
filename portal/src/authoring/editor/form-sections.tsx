import type { CatalogView } from "@guise/contract";
import { Card, Stack, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { AboutSection } from "./about-section.tsx";
import { AccessSection } from "./access-section.tsx";
import { ApplicationSection } from "./application-section.tsx";
import { CheckSection } from "./check-section.tsx";
import { useDraftForm } from "./draft-form.ts";
import { FileSection } from "./file-section.tsx";
import { JsonOnly } from "./json-only.tsx";
import { LifeSection } from "./life-section.tsx";
import { OwnApplicationSection } from "./own-application-section.tsx";
import { ParameterSection } from "./parameter-section.tsx";
import { PortSection } from "./port-section.tsx";
import { ResourceSection } from "./resource-section.tsx";
import { VariablesField } from "./variables-field.tsx";

/** The form, part by part. */
export function FormSections({ catalog, isNew }: { readonly catalog: CatalogView; readonly isNew: boolean }) {
  const { environment } = useDraftForm();
  return (
    <>
      <Section title="What it is">
        <AboutSection isNew={isNew} />
      </Section>
      <Section title="Applications">
        <ApplicationSection catalog={catalog} />
        <VariablesField path={["application_configuration", "variables"]} label="Variables" more="A further one" />
      </Section>
      {environment === undefined && (
        <Section title="Tiles for programs of its own">
          <OwnApplicationSection />
        </Section>
      )}
      <Section title="Files that are there from the beginning">
        <FileSection />
      </Section>
      <Section title="Servers that people start in it">
        <PortSection />
      </Section>
      <Section title="What it may take">
        <ResourceSection />
      </Section>
      <Section title="What it may reach">
        <AccessSection catalog={catalog} />
      </Section>
      <Section title="How long it lives, and where it stands">
        <LifeSection />
      </Section>
      {environment === undefined && (
        <Section title="What is asked of who opens it">
          <ParameterSection />
        </Section>
      )}
      <Section title="How one sees that it works">
        <CheckSection />
      </Section>
      <Section title="What is written in the JSON alone">
        <JsonOnly />
      </Section>
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <Card withBorder padding="md" component="section" aria-labelledby={id}>
      <Stack gap="sm">
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}

import type { DefinitionChange, PersonaDifference, ReachChange, VersionView } from "@guise/contract";
import { Code, List, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Awaited } from "../connection/awaited.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";

/** What a version changed against the one before it, and in sentences what it newly may. */
export function DifferencePanel({ version: { persona_id, version } }: { readonly version: VersionView }) {
  const { agent } = useSession();
  const difference = useQuery({
    queryKey: ["difference", persona_id, version],
    queryFn: () => agent.personas.difference(persona_id, { to: version }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (difference.isError) return <ErrorNotice error={difference.error} what="The versions could not be compared" />;
  if (difference.isPending) return <Awaited what="the difference" height={120} />;
  return <DifferenceView difference={difference.data} />;
}

/** What differs, and in sentences what it newly may. */
export function DifferenceView({ difference: { from, changes, newly_may, no_longer_may } }: { readonly difference: PersonaDifference }) {
  if (changes.length === 0) return <Text size="sm">Nothing but the order of its members is other than in version {from}.</Text>;
  return (
    <Stack gap="sm">
      <Sentences title={`Newly, against version ${from}, it`} changes={newly_may} />
      <Sentences title="It no longer" changes={no_longer_may} />
      {newly_may.length + no_longer_may.length === 0 && <Text size="sm">It may neither more nor less than version {from}.</Text>}
      <Stack gap={4}>
        <Title order={3} size="h6">
          What changed
        </Title>
        <List size="sm" listStyleType="none" spacing={4}>
          {changes.map((change) => (
            <List.Item key={JSON.stringify(change)}>
              <Change change={change} />
            </List.Item>
          ))}
        </List>
      </Stack>
    </Stack>
  );
}

function Sentences({ title, changes }: { readonly title: string; readonly changes: readonly ReachChange[] }) {
  if (changes.length === 0) return null;
  return (
    <Stack gap={4}>
      <Title order={3} size="h6">
        {title}
      </Title>
      <List size="sm">
        {changes.map(({ sentence, environments, everywhere }) => (
          <List.Item key={sentence}>
            {visibleText(sentence)}
            {!everywhere && ` (in ${environments.join(", ")})`}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Change({ change: { path, before, after } }: { readonly change: DefinitionChange }) {
  return (
    <>
      <Code>{visibleText(path)}</Code> {before === undefined ? "new: " : after === undefined ? "gone: " : ""}
      {before !== undefined && <Code>{valueText(before)}</Code>}
      {before !== undefined && after !== undefined && " became "}
      {after !== undefined && <Code>{valueText(after)}</Code>}
    </>
  );
}

function valueText(value: unknown): string {
  return visibleText(JSON.stringify(value) ?? "");
}

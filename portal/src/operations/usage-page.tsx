import { insightText, USAGE_DAYS, type UsageInsight, type UsageOverTime } from "@guise/contract";
import { Group, List, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Awaited } from "../connection/awaited.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { AnchorLink } from "../kit/links.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { visibleText } from "../kit/visible-text.ts";
import { useSession } from "../session/session.ts";
import { DraftButton } from "./draft-button.tsx";
import { USAGE_SPANS, type UsageSpan, usageSearch } from "./usage-search.ts";
import { UsedTable } from "./used-table.tsx";

/** What people used over days, and what of personas nobody uses or is far too large. */
export function UsagePage() {
  usePageTitle("Usage over time");
  const { agent } = useSession();
  const { days = USAGE_DAYS.usual } = usageSearch(useSearch({ from: "/inside/operations/usage" }));
  const usage = useQuery({
    queryKey: ["usage over time", days],
    queryFn: () => agent.admin.usage(days),
    placeholderData: (before) => before,
  });
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="end">
        <Title order={1} size="h3">
          Usage over time
        </Title>
        <Span days={days} />
      </Group>
      {usage.isPending && <Awaited what="what was used" height={240} />}
      {usage.isError && (
        <ErrorNotice
          error={usage.error}
          what="What was used could not be read; what stands here may be old"
          retry={() => void usage.refetch()}
        />
      )}
      {usage.data !== undefined && <Used usage={usage.data} days={days} />}
    </Stack>
  );
}

function Span({ days }: { readonly days: UsageSpan }) {
  const navigate = useNavigate({ from: "/operations/usage" });
  return (
    <SegmentedControl
      aria-label="Which days"
      data={USAGE_SPANS.map((span) => ({ value: String(span), label: `last ${span} days` }))}
      value={String(days)}
      onChange={(value) => {
        const span = USAGE_SPANS.find((one) => String(one) === value);
        void navigate({ search: span === undefined || span === USAGE_DAYS.usual ? {} : { days: span }, replace: true, resetScroll: false });
      }}
    />
  );
}

function Used({ usage, days }: { readonly usage: UsageOverTime; readonly days: UsageSpan }) {
  const { since, least_people: leastPeople, left_out: leftOut, personas, applications, groups, insights } = usage;
  const shared = { leastPeople, since, span: days };
  return (
    <>
      <Insights insights={insights} days={days} leastPeople={leastPeople} />
      <UsedTable name="Personas" rows={personas} leftOut={leftOut.personas} {...shared} />
      <UsedTable name="Applications" rows={applications} leftOut={leftOut.applications} isLaunched {...shared} />
      <UsedTable name="Groups" rows={groups} leftOut={leftOut.groups} {...shared} />
      <Text size="sm">
        Days are those of UTC and are kept for {USAGE_DAYS.most} days. Programs that are started in a shell count as the shell's.
      </Text>
    </>
  );
}

interface InsightsProps {
  readonly insights: readonly UsageInsight[];
  readonly days: UsageSpan;
  readonly leastPeople: number;
}

function Insights({ insights, days, leastPeople }: InsightsProps) {
  return (
    <section aria-labelledby="insights">
      <Stack gap="sm">
        <Title order={2} size="h4" id="insights">
          What stands out
        </Title>
        {insights.length === 0 ? (
          <Text>
            Nothing stands out of what {leastPeople === 1 ? "people" : `at least ${leastPeople} people`} used: no window or page that nobody
            opened, and no size far from use.
          </Text>
        ) : (
          <List spacing="xs" listStyleType="none">
            {insights.map((insight) => {
              const { found, remedy } = insightText(insight, days);
              return (
                <List.Item key={JSON.stringify(insight)}>
                  <AnchorLink to="/authoring/$persona" params={{ persona: insight.persona_id }}>
                    {visibleText(insight.persona_name)}
                  </AnchorLink>
                  <Text size="sm">
                    {visibleText(found)} {remedy}
                  </Text>
                  <DraftButton insight={insight} />
                </List.Item>
              );
            })}
          </List>
        )}
      </Stack>
    </section>
  );
}

import { USAGE_DAYS, type UsageOverTime, type UsedOverTime, usageOverTimeSchema } from "@guise/contract";
import type { UsageDaySum, UsageSum } from "#repository";
import { type OfferedVersion, usageInsights } from "#usage";
import type { Call } from "../call.ts";
import { httpRoute } from "../route.ts";
import { usageQuery } from "../schemas.ts";
import { timeOf, versionView } from "../views.ts";

const DAY = 86_400_000;

export const usageOverTime = httpRoute({
  id: "usage_over_time",
  method: "GET",
  url: "/v1/usage",
  tag: "administration",
  summary: "What people used over days, by persona, application and group, and what of personas nobody uses or is far too large",
  description: `Kept for ${USAGE_DAYS.most} days. Nothing is told of what fewer people used than \`least_people\`.`,
  query: usageQuery,
  answers: { 200: { description: "Sums, days and insights.", schema: usageOverTimeSchema } },
  async act(call) {
    const { usageDays, leastPeople, clock } = call.services;
    const now = clock.now();
    const since = now - (now % DAY) - (call.query.days - 1) * DAY;
    const told = async (subject: "persona" | "application" | "group") =>
      toldOf(await usageDays.usedSince(subject, since), await usageDays.usedByDaySince(subject, since), leastPeople);
    const [personas, applications, groups] = [await told("persona"), await told("application"), await told("group")];
    const [versions, launched] = [await usageDays.usedSince("version", since), await usageDays.usedSince("persona_application", since)];
    const body: UsageOverTime = {
      since: dayOf(since),
      least_people: leastPeople,
      personas: personas.rows,
      applications: applications.rows,
      groups: groups.rows,
      left_out: { personas: personas.leftOut, applications: applications.leftOut, groups: groups.leftOut },
      insights: usageInsights(await offered(call), { since, leastPeople, versions, applications: launched }),
    };
    return { status: 200, body };
  },
});

/** What was used by so many people that it tells nothing of one of them. */
function toldOf(
  sums: readonly UsageSum[],
  days: readonly UsageDaySum[],
  leastPeople: number,
): { readonly rows: UsedOverTime[]; readonly leftOut: number } {
  const enough = sums.filter(({ people }) => people >= leastPeople);
  const rows = enough.map(({ people, launches, running, cpu_time, ram_peak, ...named }) => ({
    ...{ name: nameOf(named), people, launches, running, cpu_time, ram_peak },
    days: days.filter((one) => nameOf(one) === nameOf(named)).map((one) => ({ day: dayOf(one.day), running: one.running })),
  }));
  return { rows, leftOut: sums.length - enough.length };
}

function nameOf({ persona, application, group }: Pick<UsageSum, "persona" | "application" | "group">): string {
  return persona ?? application ?? group ?? "";
}

function dayOf(time: number): string {
  return timeOf(time).slice(0, 10);
}

async function offered({ services }: Call): Promise<OfferedVersion[]> {
  const { repository, language, issuer } = services;
  return (await repository.latestVersions()).flatMap((row) => {
    const { persona_name: name, applications, demand, build } = versionView(row, language, issuer?.issuer ?? "");
    if (demand === undefined) return [];
    return {
      persona: row.persona,
      name,
      version: row.version,
      publishedAt: row.publishedAt,
      applications,
      imageBytes: build?.image_bytes,
      demand,
    };
  });
}

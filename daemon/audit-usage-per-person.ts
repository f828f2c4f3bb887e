import type { Clock } from "#foundation";
import type { Repository } from "#repository";
import type { Configuration } from "./configuration.ts";

const SETTING = "usage_per_person";

/** Whether operators see what single people use is configured and not asked of anybody: the audit says since when. */
export async function auditUsagePerPerson(
  repository: Pick<Repository, "setting" | "setSetting" | "audit">,
  { usage_per_person: value }: Pick<Configuration, "usage_per_person">,
  clock: Clock,
): Promise<void> {
  const before = (await repository.setting(SETTING)) ?? "no";
  if (before === value) return;
  await repository.audit({
    at: clock.now(),
    actor: "guise",
    action: "usage_per_person",
    target: "usage",
    outcome: "done",
    facts: { before, value },
  });
  await repository.setSetting(SETTING, value);
}

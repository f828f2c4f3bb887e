import type { Launchable, UsageInsight } from "@guise/contract";
import type { UsageSum } from "#repository";

/** A persona as it stands, with what it asks for. */
export interface OfferedVersion {
  readonly persona: string;
  readonly name: string;
  readonly version: number;
  readonly publishedAt: number;
  readonly applications: readonly Launchable[];
  /** Of its image, where there is one. */
  readonly imageBytes?: number | undefined;
  readonly demand: Readonly<Record<Dimension, number>>;
}

export interface UseToJudge {
  /** Ms since the epoch: from when on use was summed up. */
  readonly since: number;
  /** Of fewer people nothing is said. */
  readonly leastPeople: number;
  /** By version, and by persona and application. */
  readonly versions: readonly UsageSum[];
  readonly applications: readonly UsageSum[];
}

type Dimension = "cpu" | "ram" | "storage";

const HOUR = 3_600_000;
/** Less time than this tells nothing of a size. */
const LEAST_RUNNING = 10 * HOUR;
/** Shares of what is asked for: below the first it is far more than used; from the second on it may have been too little. */
const FAR_LESS = 0.4;
const NEARLY_ALL = 0.95;
/** Room above the most that was used. */
const AIR = 1.5;
/** What is suggested is a multiple of these: millicores, and bytes. */
const STEPS: Readonly<Record<Dimension, number>> = { cpu: 100, ram: 128 * 2 ** 20, storage: 128 * 2 ** 20 };
const USED: Readonly<Record<Dimension, "cpu_peak" | "ram_peak" | "storage_peak">> = {
  cpu: "cpu_peak",
  ram: "ram_peak",
  storage: "storage_peak",
};

/** What of each persona nobody uses, and which sizes are far from what is used. Pure. */
export function usageInsights(offered: readonly OfferedVersion[], use: UseToJudge): UsageInsight[] {
  return offered.flatMap((version) => {
    const sum = use.versions.find((one) => one.persona === version.persona && one.version === version.version);
    if (sum === undefined || sum.people < use.leastPeople) return [];
    const of = { persona_id: version.persona, persona_name: version.name, version: version.version, people: sum.people };
    return [
      ...unused(version, use).map((application) => ({ kind: "unused_application" as const, ...of, ...application })),
      ...sizes(version, sum, of),
    ];
  });
}

/** What has been there all the time. Programs of the shell are used without being launched, so nothing is known of them. */
function unused({ persona, publishedAt, applications, imageBytes }: OfferedVersion, use: UseToJudge) {
  if (publishedAt > use.since) return [];
  const launched = new Set(use.applications.filter((sum) => sum.persona === persona).map(({ application }) => application));
  return applications
    .filter(({ application, kind }) => (kind === "web" || kind === "desktop") && !launched.has(application))
    .map(({ application, name }) => ({
      ...{ application, application_name: name },
      ...(imageBytes === undefined ? {} : { image_bytes: imageBytes }),
    }));
}

type OfPersona = Pick<UsageInsight, "persona_id" | "persona_name" | "version" | "people">;

function sizes({ demand }: OfferedVersion, sum: UsageSum, of: OfPersona): UsageInsight[] {
  if (sum.running < LEAST_RUNNING) return [];
  return (["cpu", "ram", "storage"] as const).flatMap((dimension): UsageInsight[] => {
    const asked = demand[dimension];
    const used = sum[USED[dimension]];
    const suggested = Math.max(1, Math.ceil((used * AIR) / STEPS[dimension])) * STEPS[dimension];
    // Cores that are wanted all at once are no want of cores.
    const isFull = dimension !== "cpu" && used >= asked * NEARLY_ALL;
    const isFar = used < asked * FAR_LESS && suggested < asked;
    const kind = isFull ? "nearly_all_used" : isFar ? "more_than_used" : undefined;
    return kind === undefined ? [] : [{ kind, ...of, dimension, asked, used, suggested }];
  });
}

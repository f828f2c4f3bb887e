import { createEngineClient, type EngineClient, OwnEngine } from "#drivers/docker";
import { MIRROR_CACHE } from "#drivers/docker/mirror-cache";
import { TEST_SLOT } from "#drivers/docker/test-slot";
import { randomIds, silentLog, systemClock } from "#foundation";
import { askReadyz, percentile } from "./asking-readyz.ts";
import type { Figures } from "./figures.ts";
import { type Opened, open } from "./opened.ts";
import { SCIENTIFIC } from "./scientific.ts";

const BARS = { cold: 10_000, warm: 2_000, readyz: 50 } as const;
/** Of each kind of question; what is cold is so once in the life of a Guise. */
const COLD = 2;
const WARM = 5;
/** Answers that come in time, of which none says what the mirrors said. */
const MOST_TRIES = 20;
const MIXED = [
  ...SCIENTIFIC,
  ...["express", "react", "vue", "typescript", "eslint", "prettier", "vite", "lodash", "axios", "zod"].map((name) => `npm:${name}`),
  ...["jq", "tree", "graphviz", "pandoc", "imagemagick", "curl", "sqlite3", "htop", "zip", "gdal-bin"].map((name) => `apt:${name}`),
];
/** Each warm question names another one more: an answer that is kept for the same question is none of the mirrors'. */
const OTHERS = ["humanize", "rich", "click", "jinja2", "attrs", "pyyaml", "toolz"].map((name) => `pip:${name}`);

/** How long a persona of sixty packages is examined by a whole Guise: for the first time, with nothing there but the base image, and later. */
export async function examining(figures: Figures): Promise<void> {
  const engine = new OwnEngine({ home: TEST_SLOT.home, installation: TEST_SLOT.installation, log: silentLog, clock: systemClock });
  const client = createEngineClient((await engine.up(() => {})).socketPath);
  const before = await tagsOf(client);
  try {
    for (let round = 1; round <= COLD; round++) await aGuise(round, figures);
  } finally {
    for (const tag of await tagsOf(client)) if (!before.has(tag)) await client.getImage(tag).remove({ force: true });
    await engine.down();
  }
}

async function aGuise(round: number, figures: Figures): Promise<void> {
  const cache = await MIRROR_CACHE.use();
  const opened = await open({
    ...cache.variables,
    ...{ GUISE_HOME: TEST_SLOT.home, GUISE_PORT: String(TEST_SLOT.port), GUISE_PACKAGE_EPOCH: randomIds.next("bench") },
  });
  try {
    // What is fetched from afar is no matter of this: the cache has it after the first.
    if (round === 1) await examined(opened, [...MIXED, ...OTHERS]);
    else {
      const asking = await askReadyz(opened.daemon.address);
      const cold = await examined(opened, MIXED);
      figures.milliseconds("60 packages examined, cold", cold, BARS.cold);
      const warm: number[] = [];
      for (const other of OTHERS.slice(0, WARM)) warm.push(await examined(opened, [...MIXED.slice(1), other]));
      figures.milliseconds("60 packages examined, warm", percentile(0.5, warm), BARS.warm);
      const times = await asking.end();
      figures.milliseconds("/readyz meanwhile, p99", percentile(0.99, times), BARS.readyz);
      figures.say(`  p50 ${percentile(0.5, times).toFixed(1)} ms, ${times.length} requests`);
    }
  } finally {
    await opened.daemon.stop();
  }
}

/** Ms until somebody knows what the mirrors say. */
async function examined({ agent }: Opened, applications: readonly string[]): Promise<number> {
  const document = JSON.stringify({
    persona_id: "bench-examined",
    persona_name: "Bench",
    required_applications: applications,
    resource_requirements: { cpu: "1", ram: "1Gi", storage: "2Gi", network_bandwidth: "10Mbit" },
  });
  const began = performance.now();
  for (let tried = 1; ; tried++) {
    const { valid, problems, unasked } = await agent.personas.validate(document);
    if (!valid) throw new Error(`the persona is not valid: ${JSON.stringify(problems)}`);
    if (unasked === undefined) return performance.now() - began;
    if (tried === MOST_TRIES) throw new Error(unasked);
  }
}

async function tagsOf(client: EngineClient): Promise<ReadonlySet<string>> {
  return new Set((await client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []));
}

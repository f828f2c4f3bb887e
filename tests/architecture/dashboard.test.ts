import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { METRICS, type MetricDefinition } from "../../broker/metrics/metric-list.ts";

const DASHBOARD = join(import.meta.dirname, "..", "..", "deploy", "grafana", "guise.json");

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

/** The series that Prometheus keeps of a metric, with the labels that each may be asked by. */
function seriesOf([name, { type, labels }]: [string, MetricDefinition]): [string, readonly string[]][] {
  if (type !== "histogram") return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, "le"]],
    [`${name}_sum`, labels],
    [`${name}_count`, labels],
  ];
}

test("the dashboard asks for metrics that there are, by labels that they have", () => {
  const series = new Map(Object.entries<MetricDefinition>(METRICS).flatMap(seriesOf));
  const { panels } = JSON.parse(readFileSync(DASHBOARD, "utf8")) as { panels: readonly Panel[] };
  const asked = new Set<string>();
  for (const { title, targets } of panels)
    for (const { expr } of targets)
      for (const [, name = "", matchers = ""] of expr.matchAll(/\b(guise_[a-z_]+)(?:\{([^}]*)\})?/g)) {
        const labels = series.get(name);
        expect(labels, `${title}: ${name}`).toBeDefined();
        const used = [...matchers.matchAll(/([a-z_]+)(?:=~|!~|!=|=)/g)].map(([, label]) => label ?? "");
        const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
        for (const label of [...used, ...grouped]) expect(labels, `${title}: ${name}`).toContain(label);
        asked.add(name.replace(/_(?:bucket|sum|count)$/, ""));
      }
  expect(Object.keys(METRICS).filter((name) => !asked.has(name))).toEqual([]);
});

test("the how-to names metrics that there are", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "how-to", "watch-with-prometheus.md"), "utf8");
  const named = [...page.matchAll(/\bguise_[a-z_]+/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((name) => !Object.hasOwn(METRICS, name))).toEqual([]);
});

import { type Amounts, PRIORITY_NAMES, type WorkspaceEvent } from "@guise/contract";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { BrokerDeps } from "../deps.ts";
import { InstallationUsage } from "./installation-usage.ts";
import { METRICS, type MetricDefinition, type MetricName } from "./metric-list.ts";

/** What is looked up when somebody asks. */
export interface Standing {
  readonly reachable: boolean;
  readonly nodes: readonly { readonly node: string; readonly capacity: Amounts; readonly allocated: Amounts }[];
  readonly workspaces: Readonly<Record<string, number>>;
  /** Those that are there, by id. */
  readonly present: ReadonlySet<string>;
  readonly queue: readonly { readonly priority: string; readonly count: number; readonly since: number }[];
  readonly now: number;
}

interface Kinds {
  readonly counter: Counter;
  readonly gauge: Gauge;
  readonly histogram: Histogram;
}

/** Metrics by dimension; `per` turns an amount into the metric's unit. */
const DIMENSIONS = [
  { dimension: "cpu", unit: "cpu_cores", per: 1000 },
  { dimension: "ram", unit: "ram_bytes", per: 1 },
  { dimension: "storage", unit: "storage_bytes", per: 1 },
  { dimension: "ingress", unit: "ingress_bits_per_second", per: 1 },
  { dimension: "egress", unit: "egress_bits_per_second", per: 1 },
] as const;

const ENDED: ReadonlySet<string> = new Set(["released", "failed"]);

/** The installation's figures for Prometheus. Labels have a fixed set of values, so the number of series is bounded. */
export class BrokerMetrics {
  readonly #registry = new Registry();
  readonly #instruments: { readonly [N in MetricName]: Kinds[(typeof METRICS)[N]["type"]] };
  readonly #usage = new InstallationUsage();
  readonly #states = new Map<string, string>();

  constructor(
    { version, liveEvents, usage }: Pick<BrokerDeps, "version" | "liveEvents" | "usage">,
    open: { readonly streams: () => number; readonly connections: () => Readonly<Record<"strangers" | "known", number>> },
    closing: AbortSignal,
  ) {
    collectDefaultMetrics({ register: this.#registry });
    const made = Object.entries(METRICS).map(([name, definition]) => [name, this.#instrument(name, definition)]);
    this.#instruments = Object.fromEntries(made) as never;
    this.#instruments.guise_info.set({ version }, 1);
    const streams = this.#instruments.guise_open_streams;
    Object.assign(streams, { collect: () => streams.set(open.streams()) });
    const connections = this.#instruments.guise_open_connections;
    Object.assign(connections, {
      collect: () => {
        for (const [of, count] of Object.entries(open.connections())) connections.set({ of }, count);
      },
    });
    const stops = [usage.subscribe((sample) => this.#usage.add(sample)), liveEvents.subscribeToAll((event) => this.#happened(event))];
    closing.addEventListener("abort", () => {
      for (const stop of stops) stop();
    });
  }

  answered(route: string, status: number, milliseconds: number | undefined): void {
    this.#instruments.guise_http_requests_total.inc({ route, status: String(status) });
    if (milliseconds !== undefined) this.#instruments.guise_http_request_seconds.observe({ route }, milliseconds / 1000);
  }

  /** Prometheus text. */
  async text(standing: Standing): Promise<string> {
    this.#take(standing);
    return await this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #instrument(name: string, { type, help, labels, buckets }: MetricDefinition): Counter | Gauge | Histogram {
    const common = { name, help, labelNames: labels, registers: [this.#registry] };
    if (type === "histogram") return new Histogram({ ...common, buckets: [...(buckets ?? [])] });
    return type === "counter" ? new Counter(common) : new Gauge(common);
  }

  #happened({ kind, workspace, state, phase, took, limit }: WorkspaceEvent): void {
    if ((kind === "killed" || kind === "limit") && limit !== undefined)
      this.#instruments.guise_limits_hit_total.inc({ limit: limit.limit });
    if (kind === "phase_finished" && phase !== undefined && took !== undefined)
      this.#instruments.guise_phase_seconds.observe({ phase }, took / 1000);
    // A state is told again when its reason changes.
    if (kind !== "state" || state === undefined || this.#states.get(workspace) === state) return;
    if (ENDED.has(state)) this.#states.delete(workspace);
    else this.#states.set(workspace, state);
    this.#instruments.guise_workspace_states_total.inc({ state });
  }

  #take({ reachable, nodes, workspaces, present, queue, now }: Standing): void {
    const all = this.#instruments;
    all.guise_engine_reachable.set(reachable ? 1 : 0);
    all.guise_workspaces.reset();
    for (const [state, count] of Object.entries(workspaces)) all.guise_workspaces.set({ state }, count);
    for (const priority of PRIORITY_NAMES) all.guise_queue_length.set({ priority }, 0);
    for (const { priority, count } of queue) all.guise_queue_length.inc({ priority }, count);
    all.guise_queue_oldest_seconds.set(Math.max(0, ...queue.map(({ since }) => (now - since) / 1000)));
    this.#usage.keep(present);
    const used = this.#usage.now();
    for (const { dimension, unit, per } of DIMENSIONS) {
      all[`guise_capacity_${unit}`].reset();
      all[`guise_allocated_${unit}`].reset();
      for (const { node, capacity, allocated } of nodes) {
        all[`guise_capacity_${unit}`].set({ node }, capacity[dimension] / per);
        all[`guise_allocated_${unit}`].set({ node }, allocated[dimension] / per);
      }
      all[`guise_used_${unit}`].set(used[dimension] / per);
    }
    this.#count("guise_cpu_seconds_total", this.#usage.counted.cpu_time / 1000);
    this.#count("guise_received_bytes_total", this.#usage.counted.received);
    this.#count("guise_sent_bytes_total", this.#usage.counted.sent);
  }

  /** A counter that is counted elsewhere. */
  #count(name: "guise_cpu_seconds_total" | "guise_received_bytes_total" | "guise_sent_bytes_total", total: number): void {
    this.#instruments[name].reset();
    this.#instruments[name].inc(total);
  }
}

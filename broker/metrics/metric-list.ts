/** Every metric of `/metrics` that is Guise's own. Of the installation as a whole: no person, workspace or persona can be read out of them. */

export interface MetricDefinition {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, for a histogram. */
  readonly buckets?: readonly number[];
}

const metric = <T extends MetricDefinition["type"]>(type: T, help: string, ...labels: string[]) => ({ type, help, labels });
const histogram = (help: string, buckets: readonly number[], ...labels: string[]) => ({ ...metric("histogram", help, ...labels), buckets });

export const METRICS = {
  guise_info: metric("gauge", "Always 1; the version in its label.", "version"),
  guise_engine_reachable: metric("gauge", "Whether the engine answers: 1 or 0."),
  guise_http_requests_total: metric("counter", "Requests that were answered, by route and status.", "route", "status"),
  guise_http_request_seconds: histogram(
    "Time to the end of the answer, in seconds; streams apart.",
    [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    "route",
  ),
  guise_open_streams: metric("gauge", "Event streams, upgrades and file transfers that are open."),
  guise_open_connections: metric(
    "gauge",
    "Connections that are open: of strangers, and those that somebody is signed in on (known).",
    "of",
  ),
  guise_workspaces: metric("gauge", "Workspaces that have not ended, by state.", "state"),
  guise_workspace_states_total: metric("counter", "How often a workspace entered a state, by state.", "state"),
  guise_phase_seconds: histogram(
    "Time of the phases of provisioning, in seconds.",
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    "phase",
  ),
  guise_queue_length: metric("gauge", "Workspaces that wait for resources, by priority.", "priority"),
  guise_queue_oldest_seconds: metric("gauge", "For how long the one that waits longest has waited, in seconds; 0 when nobody waits."),
  guise_capacity_cpu_cores: metric("gauge", "Cpu that workspaces may have in all, in cores.", "node"),
  guise_capacity_ram_bytes: metric("gauge", "Memory that workspaces may have in all, in bytes.", "node"),
  guise_capacity_storage_bytes: metric("gauge", "Storage that workspaces may have in all, in bytes.", "node"),
  guise_capacity_ingress_bits_per_second: metric("gauge", "Bandwidth that workspaces may receive with in all, in bit/s.", "node"),
  guise_capacity_egress_bits_per_second: metric("gauge", "Bandwidth that workspaces may send with in all, in bit/s.", "node"),
  guise_allocated_cpu_cores: metric("gauge", "Cpu that is promised to workspaces, in cores.", "node"),
  guise_allocated_ram_bytes: metric("gauge", "Memory that is promised to workspaces, in bytes.", "node"),
  guise_allocated_storage_bytes: metric("gauge", "Storage that is promised to workspaces and kept homes, in bytes.", "node"),
  guise_allocated_ingress_bits_per_second: metric("gauge", "Incoming bandwidth that is promised to workspaces, in bit/s.", "node"),
  guise_allocated_egress_bits_per_second: metric("gauge", "Outgoing bandwidth that is promised to workspaces, in bit/s.", "node"),
  guise_used_cpu_cores: metric("gauge", "Cpu that all workspaces together use, in cores, over the last few seconds."),
  guise_used_ram_bytes: metric("gauge", "Memory that all workspaces together use, in bytes."),
  guise_used_storage_bytes: metric("gauge", "Storage that the homes of all ready workspaces take, in bytes."),
  guise_used_ingress_bits_per_second: metric("gauge", "What all workspaces together receive, in bit/s, over the last few seconds."),
  guise_used_egress_bits_per_second: metric("gauge", "What all workspaces together send, in bit/s, over the last few seconds."),
  guise_limits_hit_total: metric(
    "counter",
    "How often a workspace hit one of its limits, by limit; each counts once a minute of a workspace at most.",
    "limit",
  ),
  guise_cpu_seconds_total: metric("counter", "Cpu time that workspaces have used since Guise was started, in seconds."),
  guise_received_bytes_total: metric("counter", "Bytes that workspaces have received since Guise was started."),
  guise_sent_bytes_total: metric("counter", "Bytes that workspaces have sent since Guise was started."),
} as const satisfies Readonly<Record<`guise_${string}`, MetricDefinition>>;

export type MetricName = keyof typeof METRICS;

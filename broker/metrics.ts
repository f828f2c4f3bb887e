import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** The broker's own figures. Labels are route ids and status classes, so their number is fixed. */
export class BrokerMetrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: "guise_http_requests_total",
    help: "Requests by route and status.",
    labelNames: ["route", "status"],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: "guise_http_request_seconds",
    help: "Time to the end of the answer, streams apart.",
    labelNames: ["route"],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.#registry],
  });
  readonly #workspaces = new Gauge({
    name: "guise_workspaces",
    help: "Workspaces by state.",
    labelNames: ["state"],
    registers: [this.#registry],
  });

  constructor(openStreams: () => number) {
    new Gauge({
      name: "guise_open_streams",
      help: "Event streams, upgrades and file transfers that are open.",
      registers: [this.#registry],
      collect() {
        this.set(openStreams());
      },
    });
  }

  answered(route: string, status: number, milliseconds: number | undefined): void {
    this.#requests.inc({ route, status: String(status) });
    if (milliseconds !== undefined) this.#seconds.observe({ route }, milliseconds / 1000);
  }

  workspaces(counts: Readonly<Record<string, number>>): void {
    this.#workspaces.reset();
    for (const [state, count] of Object.entries(counts)) this.#workspaces.set({ state }, count);
  }

  /** Prometheus text. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}

import { createSessions, createSignIns, DeviceSignIns, type Principal, type Sessions, type SignIns } from "#access";
import { SharedAllowance } from "#foundation";
import { type ApplicationParts, applicationParts } from "./applications/application-parts.ts";
import type { BrokerDeps } from "./deps.ts";
import { FailedSignIns } from "./failed-sign-ins.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Availabilities } from "./live/availability.ts";
import { PersonaWatch } from "./live/persona-watch.ts";
import { WorkspaceOwners } from "./live/workspace-owners.ts";
import { BrokerMetrics } from "./metrics/broker-metrics.ts";
import { OpenConnections } from "./open-connections.ts";
import { StreamSlots } from "./stream-slots.ts";
import { TokenBuckets } from "./token-bucket.ts";

/** What the steps and routes work with: what was wired, and what this broker keeps. */
export interface Services extends Omit<BrokerDeps, "limits" | "applications"> {
  readonly limits: Limits;
  readonly signIns: SignIns | undefined;
  readonly sessions: Sessions | undefined;
  /** Programs that wait until a person allows them. */
  readonly devices: DeviceSignIns;
  /** The same person as of now; undefined when the account is gone or disabled, or the browser's session has ended. */
  readonly refresh: (principal: Principal) => Promise<Principal | undefined>;
  /** By principal. */
  readonly personRate: TokenBuckets;
  /** By address, of requests that nobody signed in for. */
  readonly strangerRate: TokenBuckets;
  readonly failures: FailedSignIns;
  readonly connections: OpenConnections;
  readonly slots: StreamSlots;
  /** Bytes of events that wait for their readers. */
  readonly unread: SharedAllowance;
  readonly metrics: BrokerMetrics;
  /** Requests under way by their idempotency key, so that a repeated one waits for the first. */
  readonly underWay: Map<string, Promise<void>>;
  /** Aborted when the broker closes: open streams end. */
  readonly closing: AbortSignal;
  readonly personaWatch: PersonaWatch;
  readonly availabilities: Availabilities;
  readonly workspaceOwners: WorkspaceOwners;
  /** Undefined where web applications have no origins. */
  readonly applications: ApplicationParts | undefined;
}

export function createServices(deps: BrokerDeps, closing: AbortSignal): Services {
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const { clock, issuer, provider, repository } = deps;
  const sessions =
    issuer === undefined ? undefined : createSessions({ store: repository, issuer: issuer.issuer, clock, provider: provider?.people });
  const slots = new StreamSlots(limits.streamsPerPerson, limits.streams);
  const connections = new OpenConnections(clock, limits);
  const refresh: Services["refresh"] = async (principal) =>
    principal.session === undefined ? deps.verifier.refresh(principal) : sessions?.refresh(principal);
  return {
    ...deps,
    limits,
    signIns: issuer === undefined ? undefined : createSignIns({ store: repository, issuer, clock, provider: provider?.people }),
    sessions,
    devices: new DeviceSignIns(clock),
    refresh,
    applications: applicationParts(deps, refresh, limits.heartbeat),
    personRate: new TokenBuckets(clock, limits.requestsPerSecond, limits.requestBurst),
    strangerRate: new TokenBuckets(clock, limits.strangerRequestsPerSecond, limits.strangerRequestBurst),
    failures: new FailedSignIns(deps.log, new TokenBuckets(clock, limits.failuresPerSecond, limits.failureBurst)),
    connections,
    slots,
    unread: new SharedAllowance({ all: limits.unreadEventsInAll, most: limits.unreadEvents, least: limits.unreadEvents / 8 }),
    personaWatch: new PersonaWatch(deps),
    availabilities: new Availabilities(deps),
    workspaceOwners: new WorkspaceOwners(repository),
    metrics: new BrokerMetrics(deps, { streams: () => slots.open, connections: () => connections.counts }, closing),
    underWay: new Map(),
    closing,
  };
}

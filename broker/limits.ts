import type { ConnectionLimits } from "./open-connections.ts";

/** Bounds of what one caller may take. */
export interface Limits extends ConnectionLimits {
  /** Bytes of a JSON body. */
  readonly body: number;
  /** Bytes of a body that carries a persona document as text (256 KiB of it, escaped). */
  readonly documentBody: number;
  /** Milliseconds in which a body that is read whole must have come. */
  readonly bodyTime: number;
  /** Requests per second and person, over time. */
  readonly requestsPerSecond: number;
  /** Requests that a person may make at once after a pause. */
  readonly requestBurst: number;
  /** Requests without a sign-in per second and address, over time. Everybody behind a proxy has one address. */
  readonly strangerRequestsPerSecond: number;
  readonly strangerRequestBurst: number;
  /**
   * Failed sign-ins per second and address that are each told and logged; beyond, the caller is told to wait and the log gets their
   * number. What is presented has 256 random bits, so this bounds noise, not guessing, and refuses nobody who presents what is right.
   */
  readonly failuresPerSecond: number;
  readonly failureBurst: number;
  /** Event streams, upgrades and file transfers of one person at the same time. */
  readonly streamsPerPerson: number;
  readonly streams: number;
  /** Bytes that wait for a reader of events before it is cut off; it resumes with Last-Event-ID. */
  readonly unreadEvents: number;
  /** The same of all readers together: beyond it each has room for an eighth alone. */
  readonly unreadEventsInAll: number;
  /** Milliseconds between heartbeats, and between looks at whether a stream is still permitted. */
  readonly heartbeat: number;
  /** Milliseconds for which an answer is remembered under its Idempotency-Key. */
  readonly idempotency: number;
}

export const DEFAULT_LIMITS: Limits = {
  body: 256 * 1024,
  documentBody: 2 * 1024 * 1024,
  bodyTime: 30_000,
  requestsPerSecond: 50,
  requestBurst: 200,
  strangerRequestsPerSecond: 50,
  strangerRequestBurst: 200,
  failuresPerSecond: 5,
  failureBurst: 50,
  strangerConnections: 2000,
  strangerTime: 90_000,
  connectionsPerPerson: 400,
  connections: 16_000,
  streamsPerPerson: 100,
  streams: 5000,
  unreadEvents: 1024 * 1024,
  unreadEventsInAll: 64 * 1024 * 1024,
  heartbeat: 15_000,
  idempotency: 24 * 3_600_000,
};

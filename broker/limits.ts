/** Bounds of what one caller may take. */
export interface Limits {
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
  /**
   * Sign-ins and failed ones per second and address, over time. Each `guise` command is one; what is presented has 256 random bits,
   * so this bounds load, not guessing.
   */
  readonly signInsPerSecond: number;
  readonly signInBurst: number;
  /** Event streams, upgrades and file transfers of one person at the same time. */
  readonly streamsPerPerson: number;
  readonly streams: number;
  /** Bytes that wait for a reader of events before it is cut off; it resumes with Last-Event-ID. */
  readonly unreadEvents: number;
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
  signInsPerSecond: 20,
  signInBurst: 200,
  streamsPerPerson: 100,
  streams: 5000,
  unreadEvents: 1024 * 1024,
  heartbeat: 15_000,
  idempotency: 24 * 3_600_000,
};

/** Kinds of events of a workspace. Durable ones have an id and are replayed; transient ones are seen only live. */
export const EVENT_KINDS = {
  state: {
    durable: true,
    meaning: "The workspace entered a state, or its reason changed; told as it happens, with a full snapshot of the workspace.",
  },
  phase_finished: { durable: true, meaning: "A phase of provisioning ended, with its time." },
  phase_started: { durable: false, meaning: "A phase of provisioning began." },
  progress: { durable: false, meaning: "Work inside a phase: what, and percent where it is known." },
  log: { durable: false, meaning: "A line of the build or start log." },
  idle: { durable: false, meaning: "It is idle and about to be suspended, with the reasons; or it is in use again." },
  home: { durable: false, meaning: "Its home is nearly full, or full; or has room again." },
  killed: { durable: true, meaning: "The kernel ended a program that wanted more ram than the workspace has; once a minute at most." },
  limit: { durable: false, meaning: "Its programs hit another limit: processes, storage, files or bandwidth; each once a minute at most." },
  entry: { durable: false, meaning: "Nobody can enter it, with the reason and what helps; or it can be entered again." },
  data_access: { durable: false, meaning: "Its access to a data source ended while it runs, with the reason." },
  queue: { durable: false, meaning: "Place in the queue, reason with numbers, and when it is expected to be ready." },
  launch: { durable: true, meaning: "An application was launched, exited, or was found again." },
  reset: { durable: false, meaning: "Earlier events are no longer kept; a full snapshot of the workspace follows." },
} as const;
export type EventKind = keyof typeof EVENT_KINDS;

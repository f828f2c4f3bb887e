export { Admission, type CapacityPolicy, type WaitingView } from "./admission.ts";
export { type BuildProgress, Builds } from "./builds.ts";
export type { LoopContext } from "./context.ts";
export { IdleWatch } from "./idle-watch.ts";
export { KnownImages } from "./known-images.ts";
export { ApplicationLauncher, type ChannelUse } from "./launcher.ts";
export { type EventListener, LiveEvents } from "./live-events.ts";
export { LifecycleLoop } from "./loop.ts";
export { recover } from "./recovery.ts";

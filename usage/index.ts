export { Activity, type Uses } from "./activity.ts";
export type { ProcessUse } from "./application-meter.ts";
export { type Fullness, fullnessOf, type HomeRoom, NEARLY_FULL } from "./fullness.ts";
export { type Idleness, type IdlePolicy, idlenessOf, idleSentence, type PastUse, WARNING_SHARE } from "./idleness.ts";
export { PointMaker } from "./point-maker.ts";
export type { SeenPaths } from "./seen-paths.ts";
export { WebActs } from "./web-acts.ts";
export { applicationViews, type KeptUsage, type LaunchFacts, totalsOf, WorkspaceMeter } from "./workspace-meter.ts";

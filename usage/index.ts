export { Activity, type ActivityKind } from "./activity.ts";
export type { ProcessUse } from "./application-meter.ts";
export { type Fullness, fullnessOf, type HomeRoom, NEARLY_FULL } from "./fullness.ts";
export { type Idleness, type IdlePolicy, idlenessOf, idleSentence, WARNING_SHARE } from "./idleness.ts";
export { PointMaker } from "./point-maker.ts";
export { applicationViews, type KeptUsage, type LaunchFacts, totalsOf, WorkspaceMeter } from "./workspace-meter.ts";

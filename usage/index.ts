export { Activity, type ActivityKind } from "./activity.ts";
export { type Fullness, fullnessOf, type HomeRoom, NEARLY_FULL } from "./fullness.ts";
export { type Idleness, type IdlePolicy, idlenessOf, idleSentence, WARNING_SHARE } from "./idleness.ts";

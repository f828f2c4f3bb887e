export { accountOf, type NodeAccount } from "./account.ts";
export { advise } from "./advise.ts";
export { type CapacityRules, DEFAULT_OVERCOMMIT, DEFAULT_RESERVE, usableCapacity } from "./capacity.ts";
export { decide, FRONT } from "./decide.ts";
export * from "./model.ts";
export { placeOf, queueOf, waitOf } from "./queue.ts";
export { type NodeNames, sentenceOf } from "./sentences.ts";
export { emptySnapshot, type Snapshot, snapshotOf } from "./snapshot.ts";
export type { Waits } from "./waits.ts";

export { type EventPosition, eventId, eventPosition } from "./event-row.ts";
export { launchView } from "./launch-view.ts";
export type * from "./repository.ts";
export { RepositoryError } from "./repository-error.ts";
export { openSqliteRepository, type SqliteOptions } from "./sqlite/open-sqlite-repository.ts";
export { dataSourceOf } from "./stored-data-source.ts";
export { packageSourceOf } from "./stored-package-source.ts";
export type { DayUse, UsageDaySum, UsageSubject, UsageSum } from "./usage/usage-days.ts";
export { openUsageStore, type StoredPoint, type UsageStore } from "./usage/usage-store.ts";

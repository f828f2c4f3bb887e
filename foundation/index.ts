export * from "./clock.ts";
export * from "./coded-error.ts";
export * from "./limited.ts";
export * from "./log.ts";
export * from "./nearest.ts";
export * from "./random-ids.ts";
export * from "./repeat.ts";
export * from "./scope.ts";

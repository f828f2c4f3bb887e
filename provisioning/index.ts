export * from "./channel.ts";
export * from "./driver.ts";
export * from "./errors.ts";
export * from "./image-plan.ts";
export * from "./network-rules.ts";

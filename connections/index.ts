export * from "./files.ts";
export * from "./serve-forward.ts";
export * from "./serve-process.ts";
export * from "./serve-terminal.ts";
export * from "./shared-channels.ts";
export type { StreamWatch } from "./stream-watch.ts";

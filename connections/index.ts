export * from "./files.ts";
export * from "./serve-forward.ts";
export * from "./serve-process.ts";
export * from "./serve-terminal.ts";
export * from "./shared-channels.ts";
export type { StreamWatch } from "./stream-watch.ts";
export { forwardRequest, forwardUpgrade, type WebForward } from "./web/forward-web.ts";
export type { WebUpstream } from "./web/web-upstream.ts";
export { WebUpstreams } from "./web/web-upstreams.ts";

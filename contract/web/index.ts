/** Between a browser and a web application of a workspace: what of each message goes on, and by what hosts applications are reached. Pure. */
export * from "./application-host.ts";
export * from "./cookies.ts";
export * from "./onward-answer.ts";
export * from "./onward-request.ts";
export * from "./own-page.ts";
export type { RawHeaders } from "./raw-headers.ts";

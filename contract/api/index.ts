/** Request and response bodies of /v1. Names are snake_case on the wire; times RFC 3339; sizes in bytes; cpu in millicores; bandwidth in bit/s; durations in ms. */
export * from "./amounts.ts";
export * from "./authoring.ts";
export * from "./files.ts";
export * from "./homes.ts";
export * from "./images.ts";
export * from "./imports.ts";
export * from "./launches.ts";
export * from "./left-out.ts";
export * from "./package-sources.ts";
export * from "./pages.ts";
export * from "./people.ts";
export * from "./preferences.ts";
export * from "./sign-in.ts";
export * from "./status.ts";
export * from "./uploads.ts";
export * from "./versions.ts";
export * from "./workspaces.ts";

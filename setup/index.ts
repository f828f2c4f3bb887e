export { aptInstall, aptIsLocked } from "./apt.ts";
export * from "./development-needs.ts";
export * from "./portal.ts";
export * from "./preflight.ts";
export * from "./progress-lines.ts";
export * from "./sizes.ts";
export * from "./system-packages.ts";

import type { BuildReport } from "./driver.ts";

/** Of a build that nobody follows. */
export const quietBuild: BuildReport = { progress() {}, downloaded() {}, log() {} };

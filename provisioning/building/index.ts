export {
  baseAddresses,
  GUARD_PACKAGES,
  GUARD_PROGRAMS,
  type InsideFile,
  insideDigest,
  LOCALES_PACKAGE,
  mainPackages,
} from "./base/base-plan.ts";
export { readInsideFiles } from "./base/inside-files.ts";
export { OutputPace } from "./box/output-pace.ts";
export { type LineKind, runInBox } from "./box/run-in-box.ts";
export type { BoxExec, BuildBox, BuildSite, ClosedImage, KeptLayer } from "./build-box.ts";
export { isPacked } from "./contents/image-contents.ts";
export { ImageBuilder } from "./image-builder.ts";
export { JoinedWork } from "./layers/joined-work.ts";
export { renderAptSource } from "./mirrors/apt-sources.ts";
export { basesHere, type HostMirrors, type MirrorSettings, readHostMirrors, readHostSuite } from "./mirrors/host-mirrors.ts";
export { type OpenMirrors, openMirrors } from "./mirrors/open-mirrors.ts";
export { proxyVariables } from "./mirrors/proxies.ts";

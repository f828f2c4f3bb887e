export { askWeb, type WebQuestion } from "./ask-web.ts";
export * from "./channel.ts";
export * from "./driver.ts";
export * from "./errors.ts";
export * from "./image-plan.ts";
export { type FoundLaunch, findLaunches, waitForExit } from "./launching/found-launches.ts";
export * from "./launching/join-terminal.ts";
export { lastWords } from "./launching/last-words.ts";
export {
  beginLaunch,
  type LaunchRecord,
  type LaunchSpec,
  openCommand,
  readOutput,
  type Screen,
  stopLaunch,
} from "./launching/launch.ts";
export { screenSocket } from "./launching/screen-socket.ts";
export * from "./launching/shell-words.ts";
export * from "./launching/start-launch.ts";
export { listeningPorts } from "./listening-ports.ts";
export { missingPrograms } from "./missing-programs.ts";
export * from "./network-rules.ts";
export * from "./package-logins.ts";
export * from "./personal-layer/apply-personal-layer.ts";
export * from "./personal-layer/home-files.ts";
export * from "./personal-layer/layer-words.ts";
export { quietBuild } from "./quiet-build.ts";
export * from "./readiness.ts";
export { fullnessOf } from "./room.ts";
export { type ChannelKeys, generateChannelKeys, type KeyPair } from "./ssh/channel-keys.ts";
export { openSshChannel, type SshChannelOptions } from "./ssh/open-ssh-channel.ts";

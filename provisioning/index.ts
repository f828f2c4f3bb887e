export * from "./channel.ts";
export * from "./driver.ts";
export * from "./errors.ts";
export * from "./image-plan.ts";
export * from "./network-rules.ts";
export { type ChannelKeys, generateChannelKeys, type KeyPair } from "./ssh/channel-keys.ts";
export { openSshChannel, type SshChannelOptions } from "./ssh/open-ssh-channel.ts";

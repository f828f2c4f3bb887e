export { createEngineClient, type EngineClient } from "./client.ts";
export { createDockerDriver } from "./docker-driver.ts";
export type { DockerDriverOptions, ImageSource } from "./driver-options.ts";
export { EngineError } from "./engine/engine-errors.ts";
export type { EngineFacts } from "./engine/engine-facts.ts";
export { ForeignEngine } from "./engine/foreign-engine.ts";
export { type EngineReport, type EngineStatus, OwnEngine, type OwnEngineFacts } from "./engine/own-engine.ts";
export { ImageStore, type ImageStoreOptions } from "./images/image-store.ts";
export { detachBelow } from "./storage/detach-below.ts";

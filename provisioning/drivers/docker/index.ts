export { createEngineClient, type EngineClient } from "./client.ts";

export { type Broker, createBroker } from "./broker.ts";
export type * from "./deps.ts";
export { DEFAULT_LIMITS, type Limits } from "./limits.ts";
export { type OpenApiDocument, openApiDocument } from "./openapi.ts";
export { createPersonaLanguage, type PersonaLanguage } from "./persona-language.ts";
export { allRoutes } from "./routes/index.ts";
export { PROVIDER_RETURN } from "./routes/provider-sign-in.ts";
export { streamNotice } from "./stream-notice.ts";
export { createWorkspaceStreams, type FileFacts, type WorkspaceStreams } from "./workspace-streams.ts";

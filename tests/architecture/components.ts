/** The import table as data. `docs/architecture.md` shows the same table; tests keep code, tsconfig references and document equal to it. */
export interface Component {
  readonly folder: string;
  readonly holds: string;
  readonly imports: readonly string[];
  /** npm packages that production code here may import; zod, node: built-ins and test packages apart. */
  readonly packages: readonly string[];
  /** Else in Node. */
  readonly runsIn?: "browser";
}

export const COMPONENTS: readonly Component[] = [
  { folder: "contract", holds: "the shared vocabulary and what crosses the wire", imports: [], packages: ["zod", "re2js"] },
  { folder: "foundation", holds: "clock, ids, log, base error, shutdown scope; no domain word", imports: [], packages: ["pino"] },
  {
    folder: "applications",
    holds: "catalog, package managers, settings → files and variables; pure",
    imports: ["contract", "foundation"],
    packages: ["zod", "yaml", "smol-toml", "ini"],
  },
  {
    folder: "persona",
    holds: "the definition language: validation, environments, parameters, resolution; pure",
    imports: ["contract", "foundation", "applications"],
    packages: ["zod", "jsonc-parser", "ipaddr.js"],
  },
  { folder: "workspace", holds: "states and transitions as data; pure", imports: ["contract", "foundation", "persona"], packages: [] },
  {
    folder: "repository",
    holds: "store of personas, workspaces, allocations, events, audit; the only folder that knows SQL",
    imports: ["contract", "foundation", "persona", "workspace"],
    packages: ["kysely"],
  },
  { folder: "resource-manager", holds: "capacity, admission, priority, queue; pure", imports: ["contract", "foundation"], packages: [] },
  {
    folder: "provisioning",
    holds: "engine driver contract, start sequence, readiness, channel, launching, conformance suite",
    imports: ["contract", "foundation"],
    packages: ["ssh2", "zod"],
  },
  {
    folder: "provisioning/drivers/docker",
    holds: "the Docker engine",
    imports: ["contract", "foundation", "provisioning"],
    packages: ["dockerode", "ipaddr.js", "zod"],
  },
  {
    folder: "provisioning/drivers/memory",
    holds: "the simulated engine",
    imports: ["contract", "foundation", "provisioning"],
    packages: [],
  },
  {
    folder: "provisioning/inside",
    holds: "what runs in a sandbox: guard script, main script, SSH server configuration",
    imports: [],
    packages: [],
  },
  { folder: "access", holds: "tokens and identity, permission table, accounts", imports: ["contract", "foundation"], packages: ["jose"] },
  {
    folder: "connections",
    holds: "terminals, commands, forwarded connections and files over a channel",
    imports: ["contract", "foundation", "workspace", "provisioning", "access"],
    packages: ["ws", "tar-stream"],
  },
  {
    folder: "usage",
    holds: "activity and idleness",
    imports: ["contract", "foundation", "workspace", "repository", "provisioning"],
    packages: [],
  },
  {
    folder: "lifecycle",
    holds: "the loop that moves workspaces; translates persona → demand and persona → sandbox",
    imports: [
      "contract",
      "foundation",
      "applications",
      "persona",
      "workspace",
      "repository",
      "resource-manager",
      "provisioning",
      "access",
      "usage",
    ],
    packages: [],
  },
  {
    folder: "broker",
    holds: "HTTP: authenticate, authorise, record intent, advise, report, stream",
    imports: [
      "contract",
      "foundation",
      "applications",
      "persona",
      "workspace",
      "repository",
      "resource-manager",
      "access",
      "connections",
      "usage",
    ],
    packages: ["ipaddr.js", "fastify", "@fastify/cookie", "@fastify/static", "@fastify/websocket", "prom-client", "zod", "ws"],
  },
  { folder: "setup", holds: "what npm start and npm test need before the product runs", imports: ["foundation"], packages: [] },
  {
    folder: "daemon",
    holds: "composition root: reads configuration once, wires, starts, stops",
    imports: [
      "contract",
      "foundation",
      "applications",
      "persona",
      "workspace",
      "repository",
      "resource-manager",
      "provisioning",
      "provisioning/drivers/docker",
      "provisioning/drivers/memory",
      "access",
      "connections",
      "usage",
      "lifecycle",
      "broker",
      "setup",
      "agent",
    ],
    packages: ["zod"],
  },
  {
    folder: "agent",
    holds: "SDK and command",
    imports: ["contract"],
    packages: ["commander", "@clack/prompts", "ws", "tar-stream"],
  },
  {
    folder: "portal",
    holds: "personas in a browser, on the SDK alone",
    imports: ["contract", "agent"],
    packages: [
      "react",
      "react-dom",
      "@mantine/core",
      "@mantine/hooks",
      "@tabler/icons-react",
      "@tanstack/react-query",
      "@tanstack/react-router",
      "@xterm/xterm",
      "@xterm/addon-fit",
      "@xterm/addon-unicode-graphemes",
      "@xterm/addon-web-links",
      "@xterm/addon-webgl",
      "vite",
      "@vitejs/plugin-react",
    ],
    runsIn: "browser",
  },
];

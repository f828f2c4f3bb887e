import { type WorkspaceUsage, workspaceUsageSchema } from "@guise/contract";
import { workspaceOf } from "../call.ts";
import { httpRoute } from "../route.ts";
import { workspaceParams } from "../schemas.ts";

const CSV = "text/csv";
const COLUMNS = ["at", "covers", "cpu", "ram", "ram_peak", "storage", "received", "sent"] as const;

export const workspaceUsage = httpRoute({
  id: "workspace_usage",
  method: "GET",
  url: "/v1/workspaces/:workspace/usage",
  tag: "workspaces",
  summary: "What a workspace uses and has used, also after it was given back",
  description:
    "With `Accept: text/csv` the series alone: cpu in millicores, ram and storage in bytes, network in bytes of each point's time.",
  target: "workspace",
  params: workspaceParams,
  answers: {
    200: {
      description: "Totals, applications, and series of the last 35 days.",
      schema: workspaceUsageSchema,
      mediaTypes: ["application/json", CSV],
    },
  },
  async act(call) {
    const usage = await call.services.usage.usageOf(workspaceOf(call));
    if (call.request.headers.accept?.includes(CSV) !== true) return { status: 200, body: usage };
    call.reply.header("content-type", `${CSV}; charset=utf-8`);
    return { status: 200, body: asCsv(usage) };
  },
});

/** Numbers and times alone: nothing in it needs quoting. */
function asCsv({ series }: WorkspaceUsage): string {
  return [COLUMNS.join(","), ...series.map((point) => COLUMNS.map((column) => point[column]).join(","))]
    .map((line) => `${line}\r\n`)
    .join("");
}

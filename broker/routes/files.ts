import { fileStatSchema } from "@guise/contract";
import { z } from "zod";
import { doneBy, readyWorkspaceOf } from "../call.ts";
import { httpRoute } from "../route.ts";
import { fileQuery, statQuery, workspaceParams, writeFileQuery } from "../schemas.ts";
import { timeOf } from "../views.ts";
import type { FileFacts } from "../workspace-streams.ts";

const MEDIA_TYPES = { file: "application/octet-stream", tar: "application/x-tar" } as const;
const errors = ["workspace_not_ready", "file_not_found", "file_failed", "engine_unreachable"] as const;
const url = "/v1/workspaces/:workspace/files";

export const readFiles = httpRoute({
  id: "read_files",
  method: "GET",
  url,
  tag: "files",
  summary: "A file, or a folder as tar, streamed",
  target: "workspace",
  stream: true,
  params: workspaceParams,
  query: fileQuery,
  answers: { 200: { description: "The content.", mediaTypes: Object.values(MEDIA_TYPES) } },
  errors,
  async act(call) {
    const { path, as } = call.query;
    const { stream, bytes } = await call.services.streams.download(readyWorkspaceOf(call), path, as);
    call.reply.header("content-type", MEDIA_TYPES[as]).header("content-disposition", "attachment");
    if (bytes !== undefined) call.reply.header("content-length", String(bytes));
    return { status: 200, body: stream };
  },
});

export const writeFiles = httpRoute({
  id: "write_files",
  method: "PUT",
  url,
  tag: "files",
  summary: "Write a file, or unpack a tar into a folder, streamed",
  description: "A file appears under its name when it is whole. A tar is unpacked inside the workspace with the workspace's own rights.",
  target: "workspace",
  stream: true,
  params: workspaceParams,
  query: writeFileQuery,
  streamedBody: Object.values(MEDIA_TYPES),
  body: z.unknown(),
  answers: { 204: { description: "It is written." } },
  errors,
  async act(call) {
    const { path, as, mode } = call.query;
    const workspace = readyWorkspaceOf(call);
    await call.services.streams.upload(workspace, path, as, call.request.raw, mode === undefined ? undefined : Number.parseInt(mode, 8));
    await call.services.repository.audit(doneBy(call, "write_files", workspace.id, { as }));
    return { status: 204 };
  },
});

export const statFile = httpRoute({
  id: "stat_file",
  method: "GET",
  url: `${url}/stat`,
  tag: "files",
  summary: "Kind, size, mode and time of a file; of a folder its entries too",
  target: "workspace",
  params: workspaceParams,
  query: statQuery,
  answers: { 200: { description: "What is there.", schema: fileStatSchema } },
  errors,
  async act(call) {
    const { streams } = call.services;
    const { path, list } = call.query;
    const workspace = readyWorkspaceOf(call);
    const facts = await streams.stat(workspace, path);
    const entries = list === true && facts.kind === "folder" ? (await streams.list(workspace, path)).map(factsView) : undefined;
    return { status: 200, body: { ...factsView(facts), ...(entries === undefined ? {} : { entries }) } };
  },
});

function factsView({ name, kind, bytes, mode, modified }: FileFacts) {
  return { name, kind, bytes, mode, modified: timeOf(modified) };
}

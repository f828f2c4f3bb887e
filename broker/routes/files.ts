import { fileDigestSchema, fileStatSchema, LEFT_OUT_RECORD } from "@guise/contract";
import { z } from "zod";
import { doneBy, readyWorkspaceOf } from "../call.ts";
import { isExclusive } from "../piece-headers.ts";
import { httpRoute } from "../route.ts";
import {
  fileQuery,
  folderRequest,
  moveRequest,
  pathQuery,
  selectionQuery,
  statQuery,
  workspaceParams,
  writeFileQuery,
} from "../schemas.ts";
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
  description:
    "A folder comes with its links, hard links, modes and times. What in it cannot be read, sockets, and what changed while it was read do " +
    `not hold up the rest: then the last entry is a text that names them, with the same as JSON in its pax record \`${LEFT_OUT_RECORD}\`.`,
  target: "workspace",
  way: "files_out",
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

export const readSelection = httpRoute({
  id: "read_selection",
  method: "GET",
  url: `${url}/zip`,
  tag: "files",
  summary: "Files and folders of one folder as zip, streamed",
  description:
    "Names are UTF-8, and safe to unpack everywhere. What cannot be read, sockets and links do not hold up the rest: a last entry " +
    "`not-included.txt` names them, and what has another name in the archive than inside.",
  target: "workspace",
  way: "files_out",
  stream: true,
  params: workspaceParams,
  query: selectionQuery,
  answers: { 200: { description: "The archive.", mediaTypes: ["application/zip"] } },
  errors,
  async act(call) {
    const { path, name } = call.query;
    const stream = await call.services.streams.zip(readyWorkspaceOf(call), path, name);
    call.reply.header("content-type", "application/zip").header("content-disposition", "attachment");
    return { status: 200, body: stream };
  },
});

export const writeFiles = httpRoute({
  id: "write_files",
  method: "PUT",
  url,
  tag: "files",
  summary: "Write a file, or unpack a tar into a folder, streamed",
  description:
    "A file appears under its name when it is whole, and what was there stays until then. A tar is unpacked inside the workspace with the " +
    "workspace's own rights: beside what is there, and taken into its place when all of it came.",
  target: "workspace",
  way: "files_in",
  stream: true,
  params: workspaceParams,
  query: writeFileQuery,
  streamedBody: Object.values(MEDIA_TYPES),
  body: z.unknown(),
  headers: {
    "If-None-Match": { description: "`*`: where something has the name, nothing is written (412 `file_exists`).", required: false },
  },
  answers: { 204: { description: "It is written." } },
  errors: [...errors, "file_exists", "storage_full"],
  async act(call) {
    const { path, as, mode, modified } = call.query;
    const workspace = readyWorkspaceOf(call);
    const exclusive = isExclusive(call.request.headers);
    const newMode = mode === undefined ? undefined : Number.parseInt(mode, 8);
    await call.services.streams.upload(workspace, path, call.request.raw, { as, newMode, modified, exclusive });
    await call.services.repository.audit(doneBy(call, "write_files", workspace.id, { as }));
    return { status: 204 };
  },
});

export const makeFolder = httpRoute({
  id: "make_folder",
  method: "POST",
  url: "/v1/workspaces/:workspace/folders",
  tag: "files",
  summary: "Make a folder, and those above it",
  target: "workspace",
  params: workspaceParams,
  body: folderRequest,
  answers: { 204: { description: "It is there." } },
  errors: [...errors, "file_exists"],
  async act(call) {
    const workspace = readyWorkspaceOf(call);
    await call.services.streams.makeFolder(workspace, call.body.path);
    await call.services.repository.audit(doneBy(call, "make_folder", workspace.id));
    return { status: 204 };
  },
});

export const moveFiles = httpRoute({
  id: "move_files",
  method: "POST",
  url: `${url}/move`,
  tag: "files",
  summary: "Give a file or folder another name, or another place",
  description: "What has the new name already is never replaced.",
  target: "workspace",
  params: workspaceParams,
  body: moveRequest,
  answers: { 204: { description: "It has the new name." } },
  errors: [...errors, "file_exists"],
  async act(call) {
    const workspace = readyWorkspaceOf(call);
    await call.services.streams.move(workspace, call.body.from, call.body.to);
    await call.services.repository.audit(doneBy(call, "move_files", workspace.id));
    return { status: 204 };
  },
});

export const removeFiles = httpRoute({
  id: "remove_files",
  method: "DELETE",
  url,
  tag: "files",
  summary: "Remove a file, or a folder with all that is in it",
  description: "A link is removed, not what it leads to. The home itself is not removed.",
  target: "workspace",
  params: workspaceParams,
  query: pathQuery,
  answers: { 204: { description: "It is gone." } },
  errors,
  async act(call) {
    const workspace = readyWorkspaceOf(call);
    await call.services.streams.remove(workspace, call.query.path);
    await call.services.repository.audit(doneBy(call, "remove_files", workspace.id));
    return { status: 204 };
  },
});

export const digestFile = httpRoute({
  id: "digest_file",
  method: "GET",
  url: `${url}/digest`,
  tag: "files",
  summary: "The checksum of a file, worked out inside",
  description: "To be held beside that of what was downloaded. Whoever gets no file gets no checksum of it either.",
  target: "workspace",
  way: "files_out",
  stream: true,
  params: workspaceParams,
  query: pathQuery,
  answers: { 200: { description: "Its SHA-256.", schema: fileDigestSchema } },
  errors,
  async act(call) {
    return { status: 200, body: { sha256: await call.services.streams.digest(readyWorkspaceOf(call), call.query.path) } };
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

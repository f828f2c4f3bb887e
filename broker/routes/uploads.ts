import { MOST_PIECE, PIECE_TYPE, UPLOAD_HEADERS, type UploadView, uploadSchema } from "@guise/contract";
import { z } from "zod";
import { UPLOAD_KEPT, type UploadStand } from "#connections";
import { type Call, doneBy, readyWorkspaceOf } from "../call.ts";
import { isExclusive, pieceHeaders } from "../piece-headers.ts";
import { httpRoute } from "../route.ts";
import { pieceQuery, uploadParams, uploadRequest, workspaceParams } from "../schemas.ts";
import { timeOf } from "../views.ts";

const errors = ["workspace_not_ready", "file_failed", "engine_unreachable"] as const;
const url = "/v1/workspaces/:workspace/uploads";
const ifNoneMatch = { description: "`*`: where something has the name, nothing is written (412 `file_exists`).", required: false };
const uploadList = z.object({ items: z.array(uploadSchema) });

export const beginUpload = httpRoute({
  id: "begin_upload",
  method: "POST",
  url,
  tag: "files",
  summary: "Begin to write a file in pieces",
  description:
    "After draft-ietf-httpbis-resumable-upload: the address in Location takes pieces by PATCH and says by HEAD where it stands; it survives lost " +
    "connections, pauses of the workspace and restarts of Guise, and goes after a week without a piece. Until the file is whole, what came " +
    "of it lies hidden beside where it will be.",
  target: "workspace",
  way: "files_in",
  params: workspaceParams,
  body: uploadRequest,
  headers: { "If-None-Match": ifNoneMatch },
  answers: { 201: { description: "It is begun; Location is its address.", schema: uploadSchema } },
  errors: [...errors, "file_exists", "storage_full"],
  async act(call) {
    const { streams, ids, repository } = call.services;
    const workspace = readyWorkspaceOf(call);
    const { path, bytes, mode, modified } = call.body;
    const upload = {
      ...{ id: ids.next("upload"), path, bytes, modified, exclusive: isExclusive(call.request.headers) },
      mode: mode === undefined ? undefined : Number.parseInt(mode, 8),
    };
    const stand = await streams.uploads.begin(workspace, upload);
    await repository.audit(doneBy(call, "begin_upload", workspace.id, { bytes }));
    call.reply.header("location", `/v1/workspaces/${encodeURIComponent(workspace.id)}/uploads/${stand.id}`);
    tellStand(call, stand);
    return { status: 201, body: uploadView(stand) };
  },
});

export const listUploads = httpRoute({
  id: "list_uploads",
  method: "GET",
  url,
  tag: "files",
  summary: "Files that are being written in pieces",
  target: "workspace",
  params: workspaceParams,
  answers: { 200: { description: "Those that are not whole yet, at most 100, the last that moved first.", schema: uploadList } },
  errors,
  async act(call) {
    const stands = await call.services.streams.uploads.list(readyWorkspaceOf(call));
    return { status: 200, body: { items: stands.map(uploadView) } };
  },
});

export const showUpload = httpRoute({
  id: "show_upload",
  method: "GET",
  url: `${url}/:upload`,
  tag: "files",
  summary: "Where an upload stands",
  description: `In its body, and for HEAD in the headers ${UPLOAD_HEADERS.offset}, ${UPLOAD_HEADERS.length} and ${UPLOAD_HEADERS.complete}. A piece that is still on its way is called off: its sender has lost it.`,
  target: "workspace",
  params: uploadParams,
  answers: { 200: { description: "Where the next piece begins.", schema: uploadSchema } },
  errors: [...errors, "not_found"],
  async act(call) {
    const stand = await call.services.streams.uploads.stand(readyWorkspaceOf(call), call.params.upload);
    tellStand(call, stand);
    return { status: 200, body: uploadView(stand) };
  },
});

export const appendUpload = httpRoute({
  id: "append_upload",
  method: "PATCH",
  url: `${url}/:upload`,
  tag: "files",
  summary: "Send the next piece of a file",
  description:
    "Answered when the piece is found right and on the disk inside; else nothing of it is kept. The last piece, which may be empty, gives the " +
    "file its name; what was there stays until then. Where that is refused (412), the pieces stay: send an empty last one with another `path`, or " +
    "without If-None-Match.",
  target: "workspace",
  way: "files_in",
  stream: true,
  params: uploadParams,
  query: pieceQuery,
  streamedBody: [PIECE_TYPE],
  body: z.unknown(),
  headers: {
    [UPLOAD_HEADERS.offset]: { description: "Where the piece begins: as many bytes as are confirmed.", required: true },
    [UPLOAD_HEADERS.complete]: { description: "`?1` with the last piece, else `?0`.", required: true },
    [UPLOAD_HEADERS.digest]: { description: "`sha-256=:BASE64:`, of the piece (RFC 9530).", required: true },
    "If-None-Match": ifNoneMatch,
  },
  answers: { 204: { description: `The piece is confirmed; ${UPLOAD_HEADERS.offset} says how many bytes are.` } },
  errors: [...errors, "not_found", "payload_too_large", "offset_differs", "digest_differs", "file_exists", "storage_full"],
  async act(call) {
    const { streams, repository } = call.services;
    const workspace = readyWorkspaceOf(call);
    const { upload } = call.params;
    const { offset, length, digest, isLast } = pieceHeaders(call.request.headers);
    const exclusive = isExclusive(call.request.headers);
    const confirmed = await streams.uploads.append(workspace, upload, offset, { content: call.request.raw, length, digest });
    if (isLast) {
      await streams.uploads.complete(workspace, upload, { path: call.query.path, exclusive });
      await repository.audit(doneBy(call, "append_upload", workspace.id, { complete: true }));
    }
    call.reply.header(UPLOAD_HEADERS.offset, String(confirmed)).header(UPLOAD_HEADERS.complete, isLast ? "?1" : "?0");
    return { status: 204 };
  },
});

export const removeUpload = httpRoute({
  id: "remove_upload",
  method: "DELETE",
  url: `${url}/:upload`,
  tag: "files",
  summary: "Call an upload off, and remove what came of it",
  description: "Of one that is complete only what is known of it goes; the file stays.",
  target: "workspace",
  params: uploadParams,
  answers: { 204: { description: "Nothing of it is left." } },
  errors: [...errors, "not_found"],
  async act(call) {
    const workspace = readyWorkspaceOf(call);
    await call.services.streams.uploads.remove(workspace, call.params.upload);
    await call.services.repository.audit(doneBy(call, "remove_upload", workspace.id));
    return { status: 204 };
  },
});

function tellStand({ reply }: Call, { offset, bytes, complete }: UploadStand): void {
  reply
    .header(UPLOAD_HEADERS.offset, String(offset))
    .header(UPLOAD_HEADERS.length, String(bytes))
    .header(UPLOAD_HEADERS.complete, complete ? "?1" : "?0")
    .header(UPLOAD_HEADERS.limit, `max-append-size=${MOST_PIECE}`)
    .header("cache-control", "no-store");
}

function uploadView({ id, path, bytes, offset, complete, modified, changed }: UploadStand): UploadView {
  return {
    ...{ upload_id: id, path, bytes, offset, complete },
    ...(modified === undefined ? {} : { modified: timeOf(modified) }),
    expires_at: timeOf(changed + UPLOAD_KEPT),
  };
}

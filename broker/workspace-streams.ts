import { pipeline, type Readable, Transform } from "node:stream";
import type { LimitNote } from "@guise/contract";
import type { WebSocket } from "ws";
import {
  type ConnectionKind,
  digestFile,
  downloadFile,
  downloadZip,
  type FileForm,
  type ForegroundCommand,
  listFolder,
  makeFolder,
  movePath,
  type NewUpload,
  type OpenChannel,
  type Piece,
  portsOf,
  removePath,
  type SharedChannels,
  type StreamWatch,
  serveCommand,
  serveExec,
  serveForward,
  serveScreen,
  serveTerminal,
  statPath,
  type Upload,
  type UploadName,
  type UploadStand,
  Uploads,
  uploadFile,
  type WebForward,
  WebUpstreams,
} from "#connections";
import { type Clock, CodedError, codeOf, messageOf } from "#foundation";
import type { WorkspaceRow } from "#repository";
import { type Activity, WebActs } from "#usage";
import { waysOf } from "./ways.ts";

/** What flows between a person and a ready workspace. Rejects with coded errors (`file_not_found`, `file_failed`, `channel_lost`, …). */
export interface WorkspaceStreams {
  exec(socket: WebSocket, workspace: WorkspaceRow): void;
  terminal(socket: WebSocket, workspace: WorkspaceRow, launch: string): void;
  /** The display of a launched desktop application. */
  screen(socket: WebSocket, workspace: WorkspaceRow, launch: string): void;
  /** A launched command in the foreground. */
  command(socket: WebSocket, workspace: WorkspaceRow, foreground: ForegroundCommand): void;
  /** One TCP connection to a loopback port inside. */
  connect(socket: WebSocket, workspace: WorkspaceRow, port: number): void;
  /** The way of a browser's requests to a web application on a loopback port inside. */
  web(workspace: WorkspaceRow, port: number): WebForward["upstream"];
  /** TCP ports that programs inside listen on. */
  ports(workspace: WorkspaceRow): Promise<readonly number[]>;
  /** A file, or a folder as tar. `bytes` is absent where it is not known beforehand. */
  download(workspace: WorkspaceRow, path: string, as: FileForm): Promise<{ readonly stream: Readable; readonly bytes: number | undefined }>;
  /** Files and folders of one folder, by name. */
  zip(workspace: WorkspaceRow, folder: string, names: readonly string[]): Promise<Readable>;
  /** Resolves when it is complete under its name. */
  upload(workspace: WorkspaceRow, path: string, content: Readable, upload: Upload): Promise<void>;
  readonly uploads: PartialUploads;
  makeFolder(workspace: WorkspaceRow, path: string): Promise<void>;
  /** Replaces nothing. */
  move(workspace: WorkspaceRow, from: string, to: string): Promise<void>;
  /** A folder goes with all that is in it. */
  remove(workspace: WorkspaceRow, path: string): Promise<void>;
  stat(workspace: WorkspaceRow, path: string): Promise<FileFacts>;
  /** SHA-256 of a file, hexadecimal. */
  digest(workspace: WorkspaceRow, path: string): Promise<string>;
  list(workspace: WorkspaceRow, path: string): Promise<readonly FileFacts[]>;
}

/** Files that come in pieces. Each rejects `not_found` where there is no such upload. */
export interface PartialUploads {
  begin(workspace: WorkspaceRow, upload: NewUpload): Promise<UploadStand>;
  list(workspace: WorkspaceRow): Promise<readonly UploadStand[]>;
  /** A piece that is still on its way is called off. */
  stand(workspace: WorkspaceRow, id: string): Promise<UploadStand>;
  /** Resolves with the new offset. */
  append(workspace: WorkspaceRow, id: string, offset: number, piece: Piece): Promise<number>;
  complete(workspace: WorkspaceRow, id: string, name: UploadName): Promise<void>;
  remove(workspace: WorkspaceRow, id: string): Promise<void>;
}

export interface FileFacts {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly bytes: number;
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export interface WorkspaceStreamsOptions {
  readonly channels: Pick<SharedChannels, "lease">;
  readonly clock: Clock;
  /** How the workspace is used; what is sent nobody looks at. */
  readonly activity: Pick<Activity, "note" | "begin" | "pathsOf">;
  /** Calls back with what somebody attached should know of the workspace, until the returned function is called. */
  readonly noticesOf: (workspace: string, tell: (message: string) => void) => () => void;
  /** The note of a program that the kernel ended for want of ram since then, by the monotonic clock. */
  readonly killedSince: (workspace: WorkspaceRow, since: number) => Promise<LimitNote | undefined>;
}

function isLimited(workspace: WorkspaceRow): boolean {
  return !waysOf(workspace).streams;
}

function clipboardOf(workspace: WorkspaceRow) {
  const { clipboard_in, clipboard_out } = waysOf(workspace);
  return { in: clipboard_in, out: clipboard_out };
}

/** Of a disk that is full it matters whose it is. */
function saysWhose({ id }: WorkspaceRow): (error: unknown) => never {
  return (error) => {
    if (codeOf(error) !== "storage_full") throw error;
    throw new CodedError("storage_full", `${id}: ${messageOf(error)}`, { cause: error });
  };
}

/** The streams over shared channels: keystrokes and commands on the light one, files and connections on the bulk one. */
export function createWorkspaceStreams({ channels, clock, activity, noticesOf, killedSince }: WorkspaceStreamsOptions): WorkspaceStreams {
  const watchOf = (row: WorkspaceRow): StreamWatch => ({
    input: () => activity.note(row.id, "input"),
    output: () => activity.note(row.id, "output"),
    command: () => activity.begin(row.id, "command"),
    onNotice: (tell) => noticesOf(row.id, tell),
    killedSince: (since) => killedSince(row, since),
  });
  const upstreams = new WebUpstreams(clock);
  const channelOf =
    ({ id, generation }: WorkspaceRow, kind: ConnectionKind) =>
    () =>
      channels.lease({ workspace: id, generation }, kind);
  /** Somebody works on the files. */
  const changing = (row: WorkspaceRow) => {
    activity.note(row.id, "input");
    return channelOf(row, "light");
  };
  return {
    exec: (socket, workspace) => serveExec(socket, channelOf(workspace, "light"), clock, watchOf(workspace), isLimited(workspace)),
    terminal: (socket, workspace, launch) =>
      serveTerminal(socket, channelOf(workspace, "light"), launch, clock, watchOf(workspace), isLimited(workspace)),
    screen: (socket, workspace, launchId) =>
      serveScreen(socket, channelOf(workspace, "screen"), { launchId, clipboard: clipboardOf(workspace) }, clock, watchOf(workspace)),
    command: (socket, workspace, foreground) =>
      serveCommand(socket, channelOf(workspace, "light"), foreground, clock, watchOf(workspace), isLimited(workspace)),
    connect(socket, workspace, port) {
      const acts = new WebActs(activity.pathsOf(workspace.id));
      const sees = (bytes: Buffer) => acts.take(bytes) && activity.note(workspace.id, "web");
      serveForward(socket, channelOf(workspace, "bulk"), { port }, clock, sees);
    },
    web(workspace, port) {
      const watch = () => {
        const acts = new WebActs(activity.pathsOf(workspace.id));
        return (bytes: Buffer) => void (acts.take(bytes) && activity.note(workspace.id, "web"));
      };
      const target = { workspace: workspace.id, generation: workspace.generation };
      return upstreams.to(target, { port }, { openChannel: channelOf(workspace, "bulk"), watch });
    },
    ports: (workspace) => portsOf(channelOf(workspace, "light")),
    async download(workspace, path, as) {
      const { stream, bytes } = await downloadFile(channelOf(workspace, "bulk"), path, as);
      return { stream: counted(stream, activity, workspace), bytes };
    },
    async zip(workspace, folder, names) {
      return counted(await downloadZip(channelOf(workspace, "bulk"), folder, names), activity, workspace);
    },
    async upload(workspace, path, content, upload) {
      // A body that stands still is ended by its own bound.
      const over = activity.begin(workspace.id, "transfer");
      await uploadFile(channelOf(workspace, "bulk"), path, content, upload).catch(saysWhose(workspace)).finally(over);
    },
    uploads: partialUploads(channelOf, activity),
    makeFolder: (workspace, path) => makeFolder(changing(workspace), path),
    move: (workspace, from, to) => movePath(changing(workspace), from, to),
    remove: (workspace, path) => removePath(changing(workspace), path),
    digest: (workspace, path) => digestFile(channelOf(workspace, "light"), path),
    stat: (workspace, path) => statPath(channelOf(workspace, "light"), path),
    list: (workspace, path) => listFolder(channelOf(workspace, "light"), path),
  };
}

function partialUploads(
  channelOf: (row: WorkspaceRow, kind: ConnectionKind) => OpenChannel,
  activity: Pick<Activity, "begin">,
): PartialUploads {
  const uploads = new Uploads();
  const keyOf = (row: WorkspaceRow, id: string) => `${row.id} ${id}`;
  return {
    begin: (row, upload) => uploads.begin(channelOf(row, "light"), upload).catch(saysWhose(row)),
    list: (row) => uploads.list(channelOf(row, "light")),
    stand: (row, id) => uploads.standStill(channelOf(row, "light"), keyOf(row, id), id),
    async append(row, id, offset, piece) {
      const over = activity.begin(row.id, "transfer");
      return uploads.append(channelOf(row, "bulk"), keyOf(row, id), id, offset, piece).catch(saysWhose(row)).finally(over);
    },
    complete: (row, id, name) => uploads.complete(channelOf(row, "light"), keyOf(row, id), id, name).catch(saysWhose(row)),
    remove: (row, id) => uploads.remove(channelOf(row, "light"), keyOf(row, id), id),
  };
}

/** Noted while it moves: nobody waits for a download that stands still. */
function counted(stream: Readable, activity: Pick<Activity, "note">, { id }: WorkspaceRow): Readable {
  activity.note(id, "transfer");
  const moving = new Transform({
    transform(bytes, _encoding, done) {
      activity.note(id, "transfer");
      done(null, bytes);
    },
  });
  return pipeline(stream, moving, () => {});
}

import type { Readable } from "node:stream";
import type { WebSocket } from "ws";
import {
  type ChannelPool,
  type ConnectionKind,
  downloadFile,
  type FileForm,
  type ForegroundCommand,
  listFolder,
  serveCommand,
  serveExec,
  serveForward,
  serveTerminal,
  statPath,
  uploadFile,
} from "#connections";
import type { Clock } from "#foundation";
import type { WorkspaceRow } from "#repository";

/** What flows between a person and a ready workspace. Rejects with coded errors (`file_not_found`, `file_failed`, `channel_lost`, …). */
export interface WorkspaceStreams {
  exec(socket: WebSocket, workspace: WorkspaceRow): void;
  terminal(socket: WebSocket, workspace: WorkspaceRow, launch: string): void;
  /** A launched command in the foreground. */
  command(socket: WebSocket, workspace: WorkspaceRow, foreground: ForegroundCommand): void;
  /** One TCP connection to a loopback port inside. */
  connect(socket: WebSocket, workspace: WorkspaceRow, port: number): void;
  /** A file, or a folder as tar. `bytes` is absent where it is not known beforehand. */
  download(workspace: WorkspaceRow, path: string, as: FileForm): Promise<{ readonly stream: Readable; readonly bytes: number | undefined }>;
  /** Resolves when it is complete under its name. */
  upload(workspace: WorkspaceRow, path: string, as: FileForm, content: Readable, newMode?: number): Promise<void>;
  stat(workspace: WorkspaceRow, path: string): Promise<FileFacts>;
  list(workspace: WorkspaceRow, path: string): Promise<readonly FileFacts[]>;
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
  readonly pool: Pick<ChannelPool, "lease">;
  readonly clock: Clock;
  /** The person sends something into the workspace; what it is nobody looks at. */
  readonly noteInput: (workspace: string) => void;
}

/** The streams over channels of the pool: keystrokes and commands on the light one, files and connections on the bulk one. */
export function createWorkspaceStreams({ pool, clock, noteInput }: WorkspaceStreamsOptions): WorkspaceStreams {
  const watched = (socket: WebSocket, { id }: WorkspaceRow): WebSocket => {
    noteInput(id);
    return socket.on("message", () => noteInput(id));
  };
  const used = <T>({ id }: WorkspaceRow, work: Promise<T>): Promise<T> => {
    noteInput(id);
    return work.finally(() => noteInput(id));
  };
  const channelOf =
    ({ id, generation }: WorkspaceRow, kind: ConnectionKind) =>
    () =>
      pool.lease({ workspace: id, generation }, kind);
  return {
    exec: (socket, workspace) => serveExec(watched(socket, workspace), channelOf(workspace, "light"), clock),
    terminal: (socket, workspace, launch) => serveTerminal(watched(socket, workspace), channelOf(workspace, "light"), launch, clock),
    command: (socket, workspace, foreground) => serveCommand(watched(socket, workspace), channelOf(workspace, "light"), foreground, clock),
    connect: (socket, workspace, port) => serveForward(watched(socket, workspace), channelOf(workspace, "bulk"), { port }),
    download: (workspace, path, as) => used(workspace, downloadFile(channelOf(workspace, "bulk"), path, as)),
    upload: (workspace, path, as, content, newMode) =>
      used(workspace, uploadFile(channelOf(workspace, "bulk"), path, as, content, newMode)),
    stat: (workspace, path) => statPath(channelOf(workspace, "light"), path),
    list: (workspace, path) => listFolder(channelOf(workspace, "light"), path),
  };
}

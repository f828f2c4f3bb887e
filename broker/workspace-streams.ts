import type { Readable } from "node:stream";
import type { WebSocket } from "ws";
import type { WorkspaceRow } from "#repository";

/** What flows between a person and a ready workspace. Rejects with coded errors (`file_not_found`, `file_failed`, `channel_lost`, …). */
export interface WorkspaceStreams {
  exec(socket: WebSocket, workspace: WorkspaceRow): void;
  terminal(socket: WebSocket, workspace: WorkspaceRow, launch: string): void;
  /** One TCP connection to a loopback port inside. */
  connect(socket: WebSocket, workspace: WorkspaceRow, port: number): void;
  /** A file, or a folder as tar. `bytes` is absent where it is not known beforehand. */
  download(workspace: WorkspaceRow, path: string, as: FileForm): Promise<{ readonly stream: Readable; readonly bytes: number | undefined }>;
  /** Resolves when it is complete under its name. */
  upload(workspace: WorkspaceRow, path: string, as: FileForm, content: Readable): Promise<void>;
  stat(workspace: WorkspaceRow, path: string): Promise<FileFacts>;
  list(workspace: WorkspaceRow, path: string): Promise<readonly FileFacts[]>;
}

export type FileForm = "file" | "tar";

export interface FileFacts {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly bytes: number;
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

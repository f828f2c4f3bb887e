import { hasCode, type PersonaAgent, PIECE } from "@guise/agent";
import type { UploadView } from "@guise/contract";
import { useEffect, useSyncExternalStore } from "react";
import { useSession } from "../session/session.ts";
import { type Place, pathOf } from "./paths.ts";
import { watchUpload } from "./upload-fetch.ts";
import { type LeftUpload, type Upload, UploadQueue } from "./upload-queue.ts";

/** Uploads go on while other pages are looked at: the next look at the same workspace finds them. */
const queues = new WeakMap<PersonaAgent, Map<string, UploadQueue>>();

/** Uploads into folders of one workspace, and with `takesIn` what is left of those that were begun before. */
export function useUploads(
  workspace: string,
  takesIn: boolean,
  written: () => void,
): { readonly queue: UploadQueue; readonly uploads: readonly Upload[] } {
  const { agent } = useSession();
  const queue = queueOf(agent, workspace, written);
  useEffect(() => {
    if (takesIn) void leftOf(agent, workspace).then((left) => queue.left(left));
  }, [agent, workspace, takesIn, queue]);
  return { queue, uploads: useSyncExternalStore(queue.subscribe, () => queue.uploads) };
}

function queueOf(agent: PersonaAgent, workspace: string, written: () => void): UploadQueue {
  const ofAgent = queues.get(agent) ?? new Map<string, UploadQueue>();
  queues.set(agent, ofAgent);
  const queue = ofAgent.get(workspace) ?? newQueue(agent, workspace, written);
  ofAgent.set(workspace, queue);
  return queue;
}

function newQueue(agent: PersonaAgent, workspace: string, written: () => void): UploadQueue {
  const files = async () => (await agent.workspaceById(workspace)).files;
  return new UploadQueue({
    written,
    // By the listing: asking for what is not there is an error in the browser's log. A folder with more than can be listed
    // tells nothing; then the condition of the writing meets what has the name.
    async look(place, name) {
      const entries = await (await files()).list(pathOf(place)).catch((error: unknown) => {
        if (hasCode(error, "file_not_found", "file_failed")) return [];
        throw error;
      });
      return entries.find((entry) => entry.name === name);
    },
    async send(path, file, { exclusive, signal, progress, begunBefore, begun, cut }) {
      const modified = new Date(file.lastModified);
      if (file.size <= PIECE && begunBefore === undefined) {
        watchUpload(file, progress);
        return (await files()).write(path, file, { exclusive, signal, modified });
      }
      const over = new AbortController();
      try {
        await (await files()).upload(path, file, {
          ...{ exclusive, signal, modified, progress },
          ...(begunBefore === undefined ? {} : { upload_id: begunBefore }),
          begun(upload) {
            begun(upload);
            holdLock(upload, over.signal);
          },
          sending: (piece, offset) => watchUpload(piece, (sent) => progress(Math.min(offset + sent, file.size))),
          waiting: (since) => cut(since !== undefined),
        });
      } finally {
        over.abort();
      }
    },
    drop: (upload) => void files().then((all) => all.dropUpload(upload).catch(() => {})),
  });
}

function lockOf(upload: string): string {
  return `guise ${upload}`;
}

/** So that other tabs of this browser know that it is sent here. */
function holdLock(upload: string, over: AbortSignal): void {
  void navigator.locks.request(lockOf(upload), () => new Promise<void>((resolve) => over.addEventListener("abort", () => resolve())));
}

/** What nobody in this browser sends right now. Where it cannot be asked for, the next look shows it. */
async function leftOf(agent: PersonaAgent, workspace: string): Promise<readonly LeftUpload[]> {
  try {
    const [uploads, { held = [] }] = await Promise.all([
      agent.workspaceById(workspace).then(({ files }) => files.uploads()),
      navigator.locks.query(),
    ]);
    const names = new Set(held.map(({ name }) => name));
    return uploads.filter(({ upload_id }) => !names.has(lockOf(upload_id))).flatMap(leftUpload);
  } catch {
    return [];
  }
}

/** Only what lies below the home, where this page shows files. */
function leftUpload({ upload_id, path, bytes, offset, modified }: UploadView): LeftUpload[] {
  if (path.startsWith("/")) return [];
  const parts = path.replace(/^~\//, "").split("/");
  const name = parts.pop() ?? "";
  const place: Place = parts;
  return [{ upload: upload_id, place, name, bytes, offset, modified: modified === undefined ? undefined : Date.parse(modified) }];
}

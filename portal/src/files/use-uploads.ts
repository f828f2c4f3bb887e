import { hasCode } from "@guise/agent";
import { useMemo, useSyncExternalStore } from "react";
import { useSession } from "../session/session.ts";
import { watchUpload } from "./upload-fetch.ts";
import { type Upload, UploadQueue } from "./upload-queue.ts";

/** Uploads into folders of one workspace; they go on while other tabs are looked at. */
export function useUploads(workspace: string, written: () => void): { readonly queue: UploadQueue; readonly uploads: readonly Upload[] } {
  const { agent } = useSession();
  const queue = useMemo(() => {
    const files = async () => (await agent.workspaceById(workspace)).files;
    return new UploadQueue({
      written,
      async look(path) {
        try {
          return await (await files()).stat(path);
        } catch (error) {
          if (hasCode(error, "file_not_found")) return undefined;
          throw error;
        }
      },
      async send(path, file, { exclusive, signal, progress }) {
        watchUpload(file, progress);
        await (await files()).write(path, file, { exclusive, signal, modified: new Date(file.lastModified) });
      },
    });
  }, [agent, workspace, written]);
  return { queue, uploads: useSyncExternalStore(queue.subscribe, () => queue.uploads) };
}

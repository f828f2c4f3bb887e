import { hasCode } from "@guise/agent";
import { useMemo, useSyncExternalStore } from "react";
import { useSession } from "../session/session.ts";
import { pathOf } from "./paths.ts";
import { watchUpload } from "./upload-fetch.ts";
import { type Upload, UploadQueue } from "./upload-queue.ts";

/** Uploads into folders of one workspace; they go on while other tabs are looked at. */
export function useUploads(workspace: string, written: () => void): { readonly queue: UploadQueue; readonly uploads: readonly Upload[] } {
  const { agent } = useSession();
  const queue = useMemo(() => {
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
      async send(path, file, { exclusive, signal, progress }) {
        watchUpload(file, progress);
        await (await files()).write(path, file, { exclusive, signal, modified: new Date(file.lastModified) });
      },
    });
  }, [agent, workspace, written]);
  return { queue, uploads: useSyncExternalStore(queue.subscribe, () => queue.uploads) };
}

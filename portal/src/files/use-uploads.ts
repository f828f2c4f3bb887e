import { AgentError } from "@guise/agent";
import { useCallback, useRef, useState } from "react";
import { useSession } from "../session/session.ts";
import { type Place, pathOf } from "./paths.ts";
import { watchUpload } from "./upload-fetch.ts";

export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  readonly state: "waiting" | "sending" | "done" | "failed";
  readonly error?: unknown;
  stop(): void;
}

/** At once; more wait their turn. */
const AT_ONCE = 2;

/** Uploads into folders of one workspace; they go on while other tabs are looked at. */
export function useUploads(workspace: string, finished: () => void) {
  const { agent } = useSession();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const queue = useRef<(() => Promise<void>)[]>([]);
  const running = useRef(0);
  const count = useRef(0);

  const change = useCallback((id: number, next: Partial<Upload>) => {
    setUploads((before) => before.map((one) => (one.id === id ? { ...one, ...next } : one)));
  }, []);

  const pump = useCallback(() => {
    while (running.current < AT_ONCE) {
      const next = queue.current.shift();
      if (next === undefined) return;
      running.current++;
      void next().finally(() => {
        running.current--;
        pump();
      });
    }
  }, []);

  const add = useCallback(
    (place: Place, files: readonly File[]) => {
      for (const file of files) {
        const id = count.current++;
        const stopped = new AbortController();
        const upload: Upload = { id, name: file.name, bytes: file.size, sent: 0, state: "waiting", stop: () => stopped.abort() };
        setUploads((before) => [...before, upload]);
        queue.current.push(async () => {
          try {
            stopped.signal.throwIfAborted();
            change(id, { state: "sending" });
            watchUpload(file, (sent) => change(id, { sent }));
            const held = await agent.workspaceById(workspace);
            await held.files.write(pathOf(place, file.name), file, { signal: stopped.signal });
            change(id, { state: "done", sent: file.size });
            finished();
          } catch (error) {
            if (stopped.signal.aborted) setUploads((before) => before.filter((one) => one.id !== id));
            else change(id, { state: "failed", error: error instanceof AgentError ? error : new AgentError("unreachable", String(error)) });
          }
        });
      }
      pump();
    },
    [agent, workspace, change, pump, finished],
  );
  const clear = useCallback(() => setUploads((before) => before.filter(({ state }) => state === "waiting" || state === "sending")), []);
  return { uploads, add, clear };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename, dirname } from "node:path";
import type { Readable } from "node:stream";
import { ProvisioningError } from "#provisioning";

/** A home's image and record on their way out. */
export interface HomeExport {
  readonly stream: Readable;
  /** The stream breaks off, and nothing reads the image any more when this resolves. */
  stop(): Promise<void>;
}

/**
 * A tar archive of the two files as they lie there, holes left out. What is in the image stays unread: it is a person's file
 * system, and nothing outside of a sandbox mounts it.
 */
export async function exportHome(image: string, record: string): Promise<HomeExport> {
  const tar = spawn(
    "tar",
    ["--create", "--sparse", "--format=posix", `--directory=${dirname(image)}`, "--", basename(image), basename(record)],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const closed = once(tar, "close").catch(() => []);
  const spawned = await Promise.race([once(tar, "spawn"), once(tar, "error")]);
  if (spawned.length > 0) throw new ProvisioningError("storage_failed", "the home could not be exported", { cause: spawned[0] });
  void closed.then(([code]) => {
    if (code !== 0) tar.stdout.destroy(new ProvisioningError("storage_failed", "the export of the home broke off"));
  });
  tar.stdout.once("close", () => tar.kill());
  return {
    stream: tar.stdout,
    async stop() {
      tar.kill();
      await closed;
    },
  };
}

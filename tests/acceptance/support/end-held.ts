import { MIRROR_CACHE } from "#drivers/docker/mirror-cache";
import { SHARED_GUISE } from "#drivers/docker/shared-guise";

/** When the last file has ended, nothing of the tests runs on. */
export async function teardown(): Promise<void> {
  await SHARED_GUISE.end();
  await MIRROR_CACHE.end();
}

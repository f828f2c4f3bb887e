import { endSharedGuise } from "#drivers/docker/shared-guise";

/** When the last file has ended, nothing of the tests runs on. */
export const teardown = endSharedGuise;

/** Holds the Guise that acceptance tests share, until SIGTERM; its argument is the process of the test run. */
import { SHARED_GUISE } from "#drivers/docker/shared-guise";
import { World } from "./world.ts";

const world = await World.open({ held: true });
SHARED_GUISE.hold({ folder: world.path("") }, () => world.close());

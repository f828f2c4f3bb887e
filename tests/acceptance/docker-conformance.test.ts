import { openEngineWorld, sandboxSpec } from "#drivers/docker/engine-world";
import { driverConformance } from "#provisioning/conformance";

driverConformance("Docker", async () => {
  const world = await openEngineWorld();
  const first = await world.driver();
  return {
    driver: first.driver,
    again: async () => (await world.driver({ installation: first.options.installation, home: first.options.home })).driver,
    spec: (over = {}) => sandboxSpec(world.image, over),
    close: () => world.close(),
  };
});

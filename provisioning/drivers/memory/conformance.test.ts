import { createMemoryDriver, MemoryEngine } from "#drivers/memory";
import { randomIds, systemClock } from "#foundation";
import { quietBuild } from "#provisioning";
import { driverConformance } from "#provisioning/conformance";

driverConformance("the simulated engine", async () => {
  const engine = new MemoryEngine();
  const again = async () => createMemoryDriver({ clock: systemClock, engine });
  const driver = await again();
  const { reference } = await driver.ensureImage({ layers: [], packageEpoch: "1" }, quietBuild);
  return {
    driver,
    again,
    spec: (over = {}) => ({
      workspace: randomIds.next("w"),
      generation: 1,
      home: randomIds.next("h"),
      engineName: randomIds.next("g"),
      node: "node-1",
      image: reference,
      limits: { cpu: 1000, ram: 2 ** 28, processes: 100 },
      bandwidth: { ingress: 1e6, egress: 1e6 },
      storage: 2 ** 26,
      network: { allow: [], openedRanges: [] },
      seccomp: "strict",
      volumes: [],
      ...over,
    }),
    close: async () => {},
  };
});

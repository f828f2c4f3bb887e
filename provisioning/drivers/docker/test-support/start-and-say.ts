import { writeFileSync } from "node:fs";
import { createDockerDriver } from "../docker-driver.ts";
import { openEngineWorld, sandboxSpec } from "./engine-world.ts";

/*
 * A process that starts one sandbox and says each step on a line of its own, for the test that kills it half-way.
 * Arguments: installation, homes, workspace, file for the handle, and the step at which it stops and waits to be killed.
 */
const [, , installation = "", home = "", workspace = "", handleFile = "", last = ""] = process.argv;

const world = await openEngineWorld();
const { options } = await world.driver({ installation, home });
const driver = await createDockerDriver(options);
const say = (step: string) => {
  process.stdout.write(`${step}\n`);
  // Standing still at this very point, with whatever is under way at the engine.
  if (step === last) for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const { channel } = await driver.start(sandboxSpec(world.image, { workspace, home: workspace }), {
  phaseStarted: (phase) => say(`${phase} started`),
  phaseFinished: (phase) => say(`${phase} finished`),
  async handle(handle) {
    writeFileSync(handleFile, JSON.stringify(handle));
    say("handle");
  },
});
await channel.run("true");
say("running");

import { type Log, messageOf } from "#foundation";
import { ProvisioningError } from "#provisioning";
import { FETCHED_FOLDER } from "../box/build-files.ts";
import { carry } from "../box/carry.ts";
import { CLOSED, inBox } from "../box/in-box.ts";
import type { BuildBox, BuildSite } from "../build-box.ts";
import { type SourceWheel, WHEEL_FOLDER } from "./source-wheel.ts";

export interface WheelCarriage {
  readonly site: BuildSite;
  readonly log: Log;
  readonly wheel: SourceWheel;
  readonly to: BuildBox;
  readonly signal: AbortSignal;
}

/**
 * Brings a wheel from the layer that it was built in into another box, as bytes alone: what else a source's code left there stays there.
 * Rejects `image_build_failed`, `image_missing`; leaves no box of its own.
 */
export async function carryWheel({ site, log, wheel, to, signal }: WheelCarriage): Promise<void> {
  const parent = site.referenceOf(wheel.address);
  if ((await site.find(parent)) === undefined)
    throw new ProvisioningError("image_missing", `the wheel of ${wheel.name} is not there any more`);
  const { removed } = await inBox({ site, parent, open: CLOSED, log }, (from) => {
    const write = `mkdir -p ${FETCHED_FOLDER}/wheels; cat > "$0"; [[ $(stat -c %s "$0") == "$1" ]]`;
    const take = ["-c", write, `${FETCHED_FOLDER}/wheels/${wheel.file}`, String(wheel.bytes)];
    const send = ["-c", 'cat -- "$0"', `${WHEEL_FOLDER}/${wheel.file}`];
    return carry({ from, to, send, take, what: `the wheel of ${wheel.name}`, signal });
  });
  await removed.catch((cause: unknown) => log.warn({ cause: messageOf(cause) }, "a wheel's box could not be removed"));
}

import type { ExecStart } from "@guise/contract";
import type { Clock } from "#foundation";
import { ProvisioningError } from "#provisioning";
import type { PersonSocket } from "./person-socket.ts";

/** Ms in which the person's side must say what to start. */
const START_WITHIN = 10_000;

/** The first message, which must be the start; undefined when the person left before. */
export function startOf(person: PersonSocket, clock: Clock): Promise<ExecStart | undefined> {
  return new Promise((resolve, reject) => {
    const foreign = () => reject(new ProvisioningError("launch_failed", "the first message must say what to start"));
    const timer = clock.after(START_WITHIN, foreign, { unref: true });
    const settle = (start: ExecStart | undefined) => {
      timer.cancel();
      person.hold();
      resolve(start);
    };
    person.handle({ data: foreign, control: (message) => (message.kind === "start" ? settle(message) : foreign()) });
    person.closed.then(() => settle(undefined));
  });
}

/**
 * A process that writes to a store until it is killed. Run by tests: node writing-process.ts FOLDER write|hold
 * `write` prints the number of each write once it is acknowledged; `hold` takes the lease and waits.
 */
import { silentLog, systemClock } from "#foundation";
import { openSqliteRepository } from "./open-sqlite-repository.ts";

const [folder = "", task = "write"] = process.argv.slice(2);
const repository = await openSqliteRepository({ folder, installation: "i-1", clock: systemClock, log: silentLog });

async function writeOn(): Promise<void> {
  for (let next = 0; ; next += 20) {
    const numbers = Array.from({ length: 20 }, (_, index) => next + index);
    await Promise.all(numbers.map(writeOne));
  }
}

async function writeOne(number: number): Promise<void> {
  await repository.audit({ at: number, actor: "guise", action: "write", target: String(number), outcome: "done" });
  // Synchronous for a pipe on Linux: what was printed was acknowledged, and outlives this process.
  process.stdout.write(`${number}\n`);
}

if (task === "hold") {
  await repository.takeLease("loop-1", 3_600_000);
  process.stdout.write("held\n");
} else {
  await writeOn();
}

import { ProvisioningError } from "#provisioning";
import type { BuildBox } from "../build-box.ts";
import type { OpenMirrors } from "../mirrors/open-mirrors.ts";
import { runInBox } from "./run-in-box.ts";

/** Which of the mirrors' addresses answer from inside. */
export async function reachableMirrors(box: BuildBox, mirrors: OpenMirrors, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  await runInBox(box, ["-s"], {
    input: probeScript(mirrors.allow.map(({ cidr, port }) => `${cidr.replace(/\/\d+$/, "")} ${port}`)),
    failure: "the build's network could not be probed",
    signal,
    onLine: (line) => {
      if (line.startsWith("open ")) found.push(line.slice(5).replace(" ", ":"));
      return "words";
    },
  });
  return found;
}

/** Ends every permission, and proves it from inside. Rejects `network_failed` when any mirror still answers. */
export async function closeForGood(box: BuildBox, mirrors: OpenMirrors, signal: AbortSignal): Promise<void> {
  await box.closeMirrors();
  const open = await reachableMirrors(box, mirrors, signal);
  if (open.length > 0) throw new ProvisioningError("network_failed", `the build's network did not close: ${open.join(", ")} still answers`);
}

/** bash connects by itself; what is closed is reset, so this takes no time. */
function probeScript(targets: readonly string[]): string {
  const probe = "timeout 5 bash -c 'exec 3<>/dev/tcp/$0/$1' $target 2>/dev/null && echo open $target";
  return `for target in ${targets.map((target) => `'${target}'`).join(" ")}; do { ${probe}; } || :; done </dev/null\n`;
}

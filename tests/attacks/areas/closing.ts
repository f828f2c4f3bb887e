import type { Area, Attempt } from "../attempt.ts";

/** Programs in it try to close the workspace to its own person; after each it is entered, or it is said within 20 s that it cannot be, or which limit they ran into. */
const closing = (what: string, script: string): Attempt => ({
  what,
  needs: ["engine"],
  async try(target) {
    const workspace = await target.workspace();
    await workspace.exec(["sh", "-c", script]).catch(() => undefined);
    const began = performance.now();
    try {
      for (;;) {
        const { stdout } = await workspace.exec(["echo", "entered"]).catch((error: unknown) => ({ stdout: String(error) }));
        const { body } = await target.as(target.mallory, "GET", `/v1/workspaces/${workspace.id}`);
        const took = Math.round((performance.now() - began) / 1000);
        if (stdout.trim() === "entered") return { right: true, seen: `entered after ${took} s` };
        if (body?.state !== "ready") return { right: true, seen: `told after ${took} s: ${body?.state} ${body?.message ?? ""}` };
        const why = body?.shut?.why ?? body?.limits_hit?.[0]?.message;
        if (why !== undefined) return { right: true, seen: `told after ${took} s: ${why}` };
        if (took > 20) return { right: false, seen: `still "ready", and nobody gets in: ${stdout.slice(0, 60)}` };
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    } finally {
      await target.breakOff();
    }
  },
});

export const CLOSING: Area = {
  name: "closing the door from inside",
  right: "held",
  attempts: [
    closing(
      "its own keys overwritten",
      "for f in $(find /run ~ -name 'authorized_keys*' 2>/dev/null); do : > $f; chmod 000 $f; done; mkdir -p ~/.ssh; : > ~/.ssh/authorized_keys",
    ),
    closing("who its user is overwritten", "for f in $(find /run -writable -type f 2>/dev/null); do : > $f; done"),
    closing("/tmp full", "head -c 1G /dev/zero > /tmp/full"),
    closing("/run full", "for d in $(find /run -writable -type d 2>/dev/null); do head -c 1G /dev/zero > $d/full; done"),
    closing("its home full", "head -c 1G /dev/zero > ~/full"),
    closing("no process left", "for n in $(seq 600); do sleep 30 >/dev/null 2>&1 & done; sleep 1"),
    closing("all its processes killed", "kill -9 -1"),
  ],
};

import { readFile, writeFile } from "node:fs/promises";
import type { Area } from "../attempt.ts";

/** What a command says of it. */
export const TOLD: Area = {
  name: "faults that say their name",
  right: "held",
  attempts: [
    {
      what: "a program that was killed for memory: which, when, and what helps",
      needs: ["engine"],
      async try(target) {
        const { id } = await target.workspace();
        const { stdout, stderr, exit } = await target.mallory.command("exec", id, "--", "sh", "-c", "tail /dev/zero");
        const why = await target.mallory.command("why", id);
        const right = exit === 137 && /tail used more than the 256 MiB ram/.test(stderr) && why.stdout.includes("guise resize");
        return { right, seen: `exit ${exit}: ${(stderr || stdout).trim().split("\n").at(-1)?.slice(0, 120)}` };
      },
    },
    {
      what: "processes beyond the limit",
      needs: ["engine"],
      async try(target) {
        const { id } = await target.workspace();
        await target.mallory.command("exec", id, "--", "sh", "-c", "f(){ sleep 3 & f; }; f");
        for (let look = 0; look < 20; look++) {
          const { stdout } = await target.mallory.command("why", id);
          if (stdout.includes("no more processes")) return { right: true, seen: "told by why" };
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
        return { right: false, seen: "why does not tell" };
      },
    },
    {
      what: "a result that cannot be read: the rest comes, it is named, the workspace stays",
      needs: ["engine"],
      async try(target) {
        const { id, view } = await target.workspace();
        const out = `${target.folder}/results`;
        const script = "mkdir -p out; echo precious > out/a; echo x > out/u; chmod 000 out/u";
        const ran = await target.mallory.command("run", view.persona_id, "-o", out, "--", "sh", "-c", script);
        const came = await readFile(`${out}/a`, "utf8").catch(() => "");
        const held = (await (await target.mallory.agent()).workspaces()).filter(
          ({ workspace_id, name }) => workspace_id !== id && name.startsWith("run-"),
        );
        const right = came === "precious\n" && held.length > 0 && /\bu\b/.test(ran.stderr);
        return { right, seen: `exit ${ran.exit}; ${came === "" ? "nothing came" : "the rest came"}; ${held.length} kept` };
      },
    },
    {
      what: "a copy into a full home says that it is full",
      needs: ["engine"],
      async try(target) {
        const workspace = await target.workspace();
        await workspace.exec(["sh", "-c", "head -c 1G /dev/zero > ~/full"]);
        await writeFile(`${target.folder}/big`, Buffer.alloc(2 ** 20));
        const { stderr, exit } = await target.mallory.command("cp", `${target.folder}/big`, `${workspace.id}:big`);
        await target.breakOff();
        return { right: exit !== 0 && /full|no room|space/i.test(stderr), seen: stderr.trim().split("\n")[0]?.slice(0, 120) ?? "" };
      },
    },
    {
      what: "an end of a workspace by somebody else has a reason",
      needs: ["alone"],
      async try(target) {
        const { id } = await target.workspace();
        const without = await target.as(target.owner, "POST", `/v1/workspaces/${id}/release`, { body: {} });
        await target.breakOff();
        return { right: without.status >= 400, seen: `without one: ${without.status} ${without.body?.code ?? ""}` };
      },
    },
    {
      what: "what ps shows is taken by why",
      async try(target) {
        const { id, view } = await target.workspace();
        const { stdout, exit } = await target.mallory.command("why", view.name);
        return { right: exit === 0 && stdout.includes(id), seen: `exit ${exit}` };
      },
    },
    {
      what: "a launch that names nothing that is there does not wait for ever",
      async try(target) {
        const { id } = await target.workspace();
        const { exit, stderr } = await target.mallory.command("launch", id, "nothing", "--json");
        return { right: exit !== 0 && stderr.trim() !== "", seen: `exit ${exit}: ${stderr.trim().split("\n")[0]?.slice(0, 100)}` };
      },
    },
  ],
};

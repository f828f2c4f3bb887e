import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { PersonaAgent, type Workspace } from "@guise/agent";
import { expect } from "vitest";
import { ScreenOnWire } from "../support/screen.ts";
import { Served } from "../support/served.ts";
import type { World } from "../support/world.ts";
import type { CommandProof, DesktopProof, Profession, Proof, TerminalProof, WebProof } from "./proof.ts";

const PORT = 7178;
const SIZE = { columns: 120, rows: 40 };
/** Ms after which a window has been drawn and waits for keys, on a machine that does something else beside. */
const STANDS_STILL = 2_000;
/** Python programs with many modules take a while at their first start, on a machine that builds beside. */
const PATIENCE = { timeout: 60_000, interval: 250 };

/** The workspace of one profession, and what is done in it. */
export class Stage {
  readonly #world: World;
  readonly #persona: string;
  readonly #workspace: Workspace;

  private constructor(world: World, persona: string, workspace: Workspace) {
    this.#world = world;
    this.#persona = persona;
    this.#workspace = workspace;
  }

  static async publish(world: World, { persona, packages = [], files = {}, variables = {}, applications }: Profession): Promise<void> {
    const settings = Object.entries(applications).map(([id, proof]) => [id, proof.settings]);
    const published = await world.publish({
      persona_id: persona,
      persona_name: persona,
      description: "Applications of the catalog, each with settings.",
      required_applications: [...Object.keys(applications), ...packages],
      application_configuration: { ...Object.fromEntries(settings), files, variables },
      resource_requirements: { cpu: "1", ram: "2Gi", storage: "2Gi", network_bandwidth: "50Mbit" },
    });
    expect([published.exit, published.stderr], persona).toEqual([0, expect.anything()]);
  }

  static async open(world: World, { persona }: Profession): Promise<Stage> {
    const requested = await world.guise("request", persona, "--no-launch");
    expect([requested.exit, requested.stderr.slice(-1000)], persona).toEqual([0, expect.anything()]);
    const { broker, sign_in } = JSON.parse(readFileSync(world.credentials("owner"), "utf8")) as { broker: string; sign_in: string };
    const agent = await PersonaAgent.connect({ broker, token: { sign_in } });
    return new Stage(world, persona, await agent.workspace(persona));
  }

  async close(): Promise<void> {
    await this.#world.guise("release", this.#persona, "--with-home");
  }

  async prove(application: string, proof: Proof): Promise<void> {
    for (const line of proof.prepares ?? []) await this.#run(line);
    if (proof.kind === "desktop") return this.#onDisplay(application, proof);
    if (proof.kind === "terminal") await this.#inTerminal(application, proof);
    else if (proof.kind === "command") await this.#asCommand(application, proof);
    else await this.#inBrowser(application, proof);
    for (const [line, says] of proof.does ?? []) expect(await this.#run(line), line).toMatch(says);
  }

  /** As `sh` in the workspace has it; gives what was said. */
  async #run(line: string): Promise<string> {
    const { exit, stdout, stderr } = await this.#workspace.exec(["sh", "-c", line]);
    const said = stdout + stderr;
    expect([exit, said], line).toEqual([0, said]);
    return said;
  }

  async #inTerminal(application: string, proof: TerminalProof): Promise<void> {
    const launched = await this.#workspace.launch(application, { ...SIZE, arguments: [...(proof.arguments ?? [])] });
    let written = "";
    const decoder = new TextDecoder();
    const terminal = this.#workspace.openTerminal(launched.launch_id, {
      size: SIZE,
      onOutput: (bytes) => {
        written += decoder.decode(bytes, { stream: true });
      },
    });
    const type = (keys: string) => terminal.write(new TextEncoder().encode(keys));
    try {
      for (const [shows, types] of proof.screen) {
        const seen = () => {
          const shown = stripVTControlCharacters(written);
          return shows.test(shown) ? true : `only ${shown.slice(-1000)}`;
        };
        await expect.poll(seen, { ...PATIENCE, message: `${application} shows ${shows}` }).toBe(true);
        if (types === undefined) continue;
        written = "";
        await type(types);
      }
      if (proof.leaves === undefined) return await this.#workspace.stopLaunch(launched.launch_id);
      await type(proof.leaves);
      expect(await terminal.exit).toMatchObject({ exit: 0 });
    } finally {
      terminal.close();
    }
  }

  async #onDisplay(application: string, { arguments: given = [], keys, does = [] }: DesktopProof): Promise<void> {
    const launched = await this.#workspace.launch(application, { arguments: [...given] });
    const screen = await ScreenOnWire.join(this.#workspace, launched.launch_id);
    try {
      for (const part of keys) {
        await screen.still(STANDS_STILL);
        screen.type(part);
      }
      for (const [line, says] of does) {
        const said = () => this.#run(line).catch((error: unknown) => String(error));
        await expect.poll(said, { ...PATIENCE, message: line }).toMatch(says);
      }
    } catch (error) {
      const { launches } = await this.#workspace.refresh();
      const now = launches.find(({ launch_id }) => launch_id === launched.launch_id);
      throw new Error(`${application} is ${now?.state}: ${now?.said ?? ""}`, { cause: error });
    } finally {
      screen.close();
      await this.#workspace.stopLaunch(launched.launch_id);
    }
  }

  async #asCommand(application: string, { arguments: given, says }: CommandProof): Promise<void> {
    const { exit, stdout, stderr } = await this.#world.guise("launch", this.#persona, application, "--", ...given);
    expect([exit, stdout + stderr]).toEqual([0, expect.stringMatching(says)]);
  }

  async #inBrowser(application: string, { answers }: WebProof): Promise<void> {
    const serving = this.#world.begin("owner", "launch", this.#persona, application, "--port", String(PORT));
    const served = await Served.by(serving, PORT);
    expect((await served.get("/")).status, "without the link").toBe(403);
    await served.open();
    for (const [path, says] of answers) expect((await served.get(path)).body, path).toMatch(says);
    serving.interrupt();
    await serving.ended;
  }
}

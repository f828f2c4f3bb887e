import { join } from "node:path";
import { PersonaAgent } from "@guise/agent";
import { createSignIns } from "#access";
import { randomIds, silentLog, systemClock } from "#foundation";
import type { Driver } from "#provisioning";
import { type Configuration, readConfiguration } from "../daemon/configuration.ts";
import { type Daemon, startDaemon } from "../daemon/daemon.ts";
import { ensureFirstAccount } from "../daemon/first-sign-in.ts";
import { makeFolders } from "../daemon/folders.ts";

/** Kept between runs: base images take a minute. */
export const ENGINE_HOME = "/var/tmp/guise-bench";

export interface Opened {
  readonly configuration: Configuration;
  readonly daemon: Daemon;
  readonly agent: PersonaAgent;
  /** With which another process signs in as the same person. */
  readonly signIn: string;
}

/** A whole Guise in this process, signed in to over HTTP. `variables` are its settings, and those of the package mirrors where they are to be others than the machine's; `GUISE_HOME` must be among them. */
export async function open(
  variables: Readonly<Record<string, string>> & { readonly GUISE_HOME: string },
  wrapDriver: (driver: Driver) => Driver = (driver) => driver,
): Promise<Opened> {
  // One person asks for everything here.
  const configuration = readConfiguration("/", { GUISE_HELD_PER_PERSON: "none", GUISE_WAITING_PER_PERSON: "none", ...variables });
  const daemon = await startDaemon({
    configuration,
    folders: await makeFolders(configuration.home),
    root: join(import.meta.dirname, ".."),
    variables: { ...process.env, ...variables },
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
    report: () => {},
    wrapDriver,
  });
  await daemon.prepared;
  const account = await ensureFirstAccount(daemon.repository, systemClock);
  const code = await createSignIns({ store: daemon.repository, issuer: daemon.issuer, clock: systemClock }).issueCode(account);
  const signIn = await PersonaAgent.signIn({ broker: daemon.address, code });
  const agent = await PersonaAgent.connect({ broker: daemon.address, token: { sign_in: signIn } });
  return { configuration, daemon, agent, signIn };
}

/** Publishes a persona for the group "analytics"; resolves with the reference of its image once that can be used. */
export async function publish({ agent, daemon }: Opened, persona: { readonly persona_id: string }): Promise<string> {
  const { version } = await agent.personas.publish(JSON.stringify(persona), "analytics");
  for (;;) {
    const row = await daemon.repository.version(persona.persona_id, version);
    if (row?.state === "usable") return String(row.image?.reference);
    if (row?.state === "build_failed") throw new Error(`the image could not be built: ${row.build.message}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

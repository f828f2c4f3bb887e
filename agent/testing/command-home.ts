import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Credentials, writeCredentials } from "../command/credentials.ts";
import { runGuise } from "../command/program.ts";
import { FakeBroker } from "./fake-broker.ts";
import { fakeTerminal } from "./terminal.ts";

export interface CommandEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own in which somebody is signed in at a broker that stands in for one. */
export class CommandHome {
  readonly broker: FakeBroker;
  readonly folder: string;

  private constructor(broker: FakeBroker, folder: string) {
    this.broker = broker;
    this.folder = folder;
  }

  static async start(more: Partial<Credentials> = {}): Promise<CommandHome> {
    const home = new CommandHome(await FakeBroker.start(), await mkdtemp(join(tmpdir(), "guise-command-")));
    await writeCredentials(join(home.folder, "credentials.json"), { broker: home.broker.url, sign_in: "s", ...more });
    return home;
  }

  /** The command with these words, to its end. */
  async guise(...words: readonly string[]): Promise<CommandEnd> {
    const { folder } = this;
    const terminal = fakeTerminal({ credentialsPath: join(folder, "credentials.json"), cwd: folder, home: folder });
    const code = await runGuise([...words], terminal.context);
    return { code, out: terminal.out(), err: terminal.err() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.broker[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PersonaAgent } from "@guise/agent";
import { openWebSocket } from "../../agent/command/web-socket.ts";
import { beginCommand, type Ran } from "../acceptance/support/command.ts";
import { ask } from "./http.ts";

/** An access token lives for ten minutes. */
const TAKEN_FOR = 300_000;

/** Somebody with an account and a machine of their own. */
export class Person {
  readonly broker: URL;
  readonly sign_in: string;
  readonly credentials: string;
  #token: { readonly text: string; readonly at: number } | undefined;

  private constructor(broker: URL, sign_in: string, credentials: string) {
    this.broker = broker;
    this.sign_in = sign_in;
    this.credentials = credentials;
  }

  /** Who signed in on this machine before. */
  static at(broker: URL, sign_in: string, credentials: string): Person {
    return new Person(broker, sign_in, credentials);
  }

  /** With a one-time code; `folder` is their machine. */
  static async signIn(broker: URL, name: string, code: string, folder: string): Promise<Person> {
    const sign_in = await PersonaAgent.signIn({ broker: broker.origin, code });
    const credentials = join(folder, `${name}.json`);
    await writeFile(credentials, JSON.stringify({ broker: broker.origin, sign_in }), { mode: 0o600 });
    return new Person(broker, sign_in, credentials);
  }

  async token(): Promise<string> {
    if (this.#token === undefined || performance.now() - this.#token.at > TAKEN_FOR) {
      const { body } = await ask(this.broker, "POST", "/v1/token", { body: { grant_type: "sign_in", sign_in: this.sign_in } });
      if (typeof body?.access_token !== "string") throw new Error("somebody with an account gets no token");
      this.#token = { text: body.access_token, at: performance.now() };
    }
    return this.#token.text;
  }

  agent(): Promise<PersonaAgent> {
    return PersonaAgent.connect({ broker: this.broker.origin, token: { sign_in: this.sign_in }, openSocket: openWebSocket });
  }

  /** The command on their machine. */
  command(...args: readonly string[]): Promise<Ran> {
    return beginCommand(args, this.credentials).ended;
  }
}

import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCode, type Workspace } from "@guise/agent";
import type { Need } from "./attempt.ts";
import { type Answer, type Asked, ask } from "./http.ts";
import { Person } from "./person.ts";
import type { Provider } from "./provider.ts";

/** The persona that is attacked from inside: everything that can be opened is open. */
const OPEN = {
  persona_name: "Attacked",
  required_applications: ["apt:jq"],
  resource_requirements: { cpu: "1", ram: "256Mi", storage: "64Mi", network_bandwidth: "10Mbit" },
  resource_limits: { ram: "1Gi" },
  access_controls: { network: { egress: ["0.0.0.0/0:*", "[::/0]:*"] } },
};

export interface TargetParts {
  readonly broker: URL;
  /** With all roles. */
  readonly owner: Person;
  readonly provider: Provider | undefined;
  readonly hasEngine: boolean;
  readonly isAlone: boolean;
}

/** The installation under attack, and those who attack it. */
export class Target {
  readonly broker: URL;
  readonly owner: Person;
  /** Author and user, of a group of her own. */
  readonly mallory: Person;
  readonly provider: Provider | undefined;
  /** Mallory's machine. */
  readonly folder: string;
  readonly #has: ReadonlySet<Need>;
  readonly #mark: string;
  #count = 0;
  #workspace: Promise<Workspace> | undefined;

  private constructor(parts: TargetParts, mallory: Person, folder: string, mark: string) {
    this.broker = parts.broker;
    this.owner = parts.owner;
    this.provider = parts.provider;
    this.mallory = mallory;
    this.folder = folder;
    this.#mark = mark;
    const has = { engine: parts.hasEngine, provider: parts.provider !== undefined, alone: parts.isAlone };
    this.#has = new Set((Object.keys(has) as Need[]).filter((need) => has[need]));
  }

  /** With an account, a group and a folder for the attacker; all of them have names of their own. */
  static async open(parts: TargetParts): Promise<Target> {
    const mark = randomUUID().slice(0, 8);
    const folder = await mkdtemp(join(tmpdir(), "guise-attacks-"));
    const group = `attackers-${mark}`;
    const token = await parts.owner.token();
    await made(await ask(parts.broker, "POST", "/v1/groups", { token, body: { group } }));
    const mallory = await newPerson(parts, `mallory-${mark}`, ["user", "author"], [group], folder);
    return new Target(parts, mallory, folder, mark);
  }

  lacks(needs: readonly Need[] = []): Need | undefined {
    return needs.find((need) => !this.#has.has(need));
  }

  /** Somebody new, who may use what mallory publishes. */
  person(): Promise<Person> {
    return newPerson(this, `other-${this.#mark}-${++this.#count}`, ["user"], [`attackers-${this.#mark}`], this.folder);
  }

  ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    return ask(this.broker, method, path, asked);
  }

  async as(person: Person, method: string, path: string, asked: Asked = {}): Promise<Answer> {
    return this.ask(method, path, { ...asked, token: await person.token() });
  }

  /** What validation says of a definition; text stands as it is. */
  validate(definition: unknown): Promise<Answer> {
    const document = typeof definition === "string" ? definition : JSON.stringify(definition);
    return this.as(this.mallory, "POST", "/v1/personas/validate", { body: { document } });
  }

  /** Published for mallory's group; resolves when it is usable. */
  async publish(definition: Readonly<Record<string, unknown>>): Promise<string> {
    const persona_id = `attacked-${this.#mark}-${++this.#count}`;
    const agent = await this.mallory.agent();
    const document = JSON.stringify({ ...definition, persona_id });
    const { version } = await agent.personas.publish(document, `attackers-${this.#mark}`);
    for (;;) {
      const { state } = await agent.personas.version(persona_id, version);
      if (state === "usable") return persona_id;
      if (state !== "building") throw new Error(`${persona_id} is ${state}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Mallory's workspace, ready: the same until somebody breaks it. */
  workspace(): Promise<Workspace> {
    this.#workspace ??= this.newWorkspace({});
    return this.#workspace;
  }

  /** One of a persona of its own. */
  async newWorkspace(over: Readonly<Record<string, unknown>>): Promise<Workspace> {
    const persona = await this.publish({ ...OPEN, ...over });
    return (await this.mallory.agent()).requestPersona(persona);
  }

  /** Gives back what an attack may have broken; the next one gets another. */
  async breakOff(): Promise<void> {
    const broken = await this.#workspace?.catch(() => undefined);
    this.#workspace = undefined;
    await broken?.release({ withHome: true }).catch(() => {});
  }

  /** Gives back all that was made, and forgets the attackers' accounts. */
  async close(): Promise<void> {
    const agent = await this.mallory.agent().catch(() => undefined);
    for (const { workspace_id } of (await agent?.workspaces()) ?? [])
      await agent?.releasePersona("", { workspace: workspace_id, withHome: true }).catch((error: unknown) => {
        if (!hasCode(error, "not_found")) throw error;
      });
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function newPerson(
  { broker, owner }: Pick<TargetParts, "broker" | "owner">,
  account: string,
  roles: readonly string[],
  groups: readonly string[],
  folder: string,
): Promise<Person> {
  const answer = await ask(broker, "POST", "/v1/accounts", { token: await owner.token(), body: { account, roles, groups } });
  const { sign_in_code } = (await made(answer)).body;
  return Person.signIn(broker, account, sign_in_code, folder);
}

async function made(answer: Answer): Promise<Answer> {
  if (answer.status >= 300 || answer.status === 0) throw new Error(`the attack could not be prepared: ${answer.status} ${answer.text}`);
  return answer;
}

import type { Me, Receipt, SignInLink, TokenResponse, WorkspaceView } from "@guise/contract";
import { Admin } from "./admin.ts";
import { AgentError } from "./agent-error.ts";
import { realTiming, type Timing } from "./back-off.ts";
import { brokerUrl } from "./broker-url.ts";
import { type Choice, chooseWorkspace } from "./choose-workspace.ts";
import { type DeviceSignInOptions, deviceSignIn } from "./device-sign-in.ts";
import { Devices } from "./devices.ts";
import { Homes } from "./homes.ts";
import { followLive, type LiveFeed, type LiveHandlers } from "./live.ts";
import { everyPage } from "./pages.ts";
import { Personas } from "./personas.ts";
import { Preferences } from "./preferences.ts";
import { redeem } from "./redeem.ts";
import { type ReleaseOptions, releaseWorkspace } from "./release-persona.ts";
import { askForWorkspace, type RequestOptions, requestWorkspace } from "./request-persona.ts";
import { type OpenSocket, platformSocket } from "./socket.ts";
import { type PersonaTest, type TestOptions, testPersona } from "./test-persona.ts";
import { type TokenStrategy, type Tokens, tokensFrom } from "./tokens.ts";
import { Transport } from "./transport.ts";
import { Workspace } from "./workspace.ts";

export interface ConnectOptions {
  /** Address of the broker; plain http only to this machine, unless `allowPlainHttp`. */
  readonly broker: string;
  readonly token: TokenStrategy;
  readonly allowPlainHttp?: boolean | undefined;
  /** How long, in ms, a broker that does not answer is asked again; 60 s. `connect` itself asks once. */
  readonly patience?: number | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly openSocket?: OpenSocket | undefined;
  readonly timing?: Timing | undefined;
}

/** The Application Delivery Agent: requests personas and gives them back for one signed-in person. */
export class PersonaAgent {
  /** Who is signed in. */
  readonly me: Me;
  readonly personas: Personas;
  readonly admin: Admin;
  readonly homes: Homes;
  /** What the person prefers in every persona. */
  readonly preferences: Preferences;
  readonly devices: Devices;
  readonly #transport: Transport;

  private constructor(transport: Transport, me: Me) {
    this.#transport = transport;
    this.me = me;
    this.personas = new Personas(transport);
    this.admin = new Admin(transport);
    this.homes = new Homes(transport);
    this.preferences = new Preferences(transport);
    this.devices = new Devices(transport);
  }

  /** Throws AgentError: `unreachable` when the broker does not answer now, `not_authenticated`, `invalid` for an address that would carry the token in clear. */
  static async connect(options: ConnectOptions): Promise<PersonaAgent> {
    const broker = brokerUrl(options.broker, options.allowPlainHttp === true);
    const timing = options.timing ?? realTiming;
    // A browser's own refuses to be called as a member of something else.
    const send: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
    const tokens: Tokens = tokensFrom(options.token, (body): Promise<TokenResponse> => redeem(broker, body, send), timing);
    const parts = { broker, tokens, timing, fetch: send, openSocket: options.openSocket ?? platformSocket };
    const me = await new Transport({ ...parts, patience: 0 }).json<Me>("GET", "/me");
    return new PersonaAgent(new Transport({ ...parts, patience: options.patience ?? 60_000 }), me);
  }

  /** Resolves with a ready workspace; the one that is held already, if there is one. See `requestWorkspace` for what it throws. */
  async requestPersona(persona_id: string, options: RequestOptions = {}): Promise<Workspace> {
    const workspace = new Workspace(this.#transport, await requestWorkspace(this.#transport, persona_id, options));
    if (options.launch === true) await workspace.openLaunchList();
    return workspace;
  }

  /** Asks for a persona and resolves with what the broker answers at once: the workspace on its way, or the one that is held already. */
  async askForPersona(persona_id: string, options: Omit<RequestOptions, "launch" | "onProgress"> = {}): Promise<Workspace> {
    return new Workspace(this.#transport, await askForWorkspace(this.#transport, persona_id, options));
  }

  /**
   * Runs the persona's checks, of the version that a request gets or of a draft, in a workspace of its own; what a check does wrong is in
   * its result. Throws AgentError as `requestPersona` does, `closed_by_persona` where the persona lets no output of commands out.
   */
  async testPersona(persona_id: string, options: TestOptions = {}): Promise<PersonaTest> {
    return testPersona(this.#transport, persona_id, await this.personas.version(persona_id, options.version), options);
  }

  /** Gives back; resolves when nothing of the workspace runs. Throws AgentError `ambiguous` (with candidates) when several match. */
  async releasePersona(persona_id: string, options: Choice & ReleaseOptions = {}): Promise<Receipt> {
    const id = options.workspace ?? (await this.workspace(persona_id, options)).id;
    return releaseWorkspace(this.#transport, id, options);
  }

  /** The one workspace of the persona that is held. Throws AgentError `not_found` or `ambiguous`. */
  async workspace(persona_id: string, choice: Choice = {}): Promise<Workspace> {
    if (choice.workspace !== undefined) return this.workspaceById(choice.workspace);
    const views = await everyPage<WorkspaceView>(this.#transport, "/workspaces", { persona: persona_id });
    return new Workspace(this.#transport, chooseWorkspace(views, persona_id, choice));
  }

  async workspaceById(id: string): Promise<Workspace> {
    const path = `/workspaces/${encodeURIComponent(id)}`;
    return new Workspace(this.#transport, await this.#transport.json<WorkspaceView>("GET", path, { repeatable: true }));
  }

  /** The person's own workspaces; `released` adds those that were given back, `everyone` those of others (operators only). */
  workspaces(
    options: { readonly persona?: string; readonly released?: boolean; readonly everyone?: boolean } = {},
  ): Promise<WorkspaceView[]> {
    return everyPage<WorkspaceView>(this.#transport, "/workspaces", {
      persona: options.persona,
      released: options.released === true ? "true" : undefined,
      all: options.everyone === true ? "true" : undefined,
    });
  }

  /**
   * A link to `page` of the portal, by default to the first. Of a local account it signs a browser in as this person, once, within ten minutes;
   * who signs in at a provider does so there.
   */
  signInLink(page?: string): Promise<SignInLink> {
    return this.#transport.json<SignInLink>("POST", "/me/sign-in-link", { body: page === undefined ? {} : { page } });
  }

  /** Everything of the person as it happens, until it is closed; comes back by itself after a drop. */
  live(handlers: LiveHandlers): LiveFeed {
    return followLive(this.#transport, handlers);
  }

  /** Whether `text` is a credential that this agent has sent; a proxy must not pass it on. */
  holdsCredential(text: string): boolean {
    return this.#transport.parts.tokens.holds(text);
  }

  /** Asks to be signed in as whoever allows it in a browser; gives the sign-in to keep (as a secret). See `deviceSignIn` for what it throws. */
  static signInByBrowser(options: DeviceSignInOptions): Promise<string> {
    return deviceSignIn(options);
  }

  /** Exchanges a one-time code for a sign-in to keep (as a secret). Throws AgentError `not_authenticated` for a code that is used or old. */
  static async signIn(options: { broker: string; code: string; allowPlainHttp?: boolean; fetch?: typeof fetch }): Promise<string> {
    const broker = brokerUrl(options.broker, options.allowPlainHttp === true);
    const answer = await redeem(broker, { grant_type: "sign_in_code", code: options.code }, options.fetch ?? fetch);
    if (answer.sign_in === undefined) throw new AgentError("internal", "Guise gave no sign-in for the code.");
    return answer.sign_in;
  }
}

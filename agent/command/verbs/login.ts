import { hostname } from "node:os";
import { plainText } from "@guise/contract";
import { PersonaAgent } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { readCredentials, writeCredentials } from "../credentials.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";

interface LoginOptions extends JsonOption {
  readonly broker?: string;
  readonly code?: string;
}

export const login: Verb = (program, app) => {
  withJson(program.command("login"))
    .summary("sign this machine in, as whoever allows it in a browser")
    .description(
      "Shows a link and a code: open the link in a browser where you are signed in to Guise, or sign in there, and allow the code. Opens no\n" +
        "browser by itself, so it works on a machine without one. With --code it takes a one-time code instead, which comes from an operator:\n" +
        "guise admin account code NAME. It is good once, for ten minutes.",
    )
    .option("--broker <address>", "where Guise answers, such as http://127.0.0.1:7080; the one before, if there is one")
    .option("--code <code>", "a one-time code, in place of the browser")
    .action(async (options: LoginOptions) => {
      const before = await readCredentials(app.context.credentialsPath).catch(() => undefined);
      const replaced = before === undefined ? undefined : await app.connect().catch(() => undefined);
      const broker = options.broker ?? before?.broker;
      if (broker === undefined) throw new UsageError("nothing says where Guise is", "guise login --broker ADDRESS");
      const { code } = options;
      const sign_in = code === undefined ? await allowedInBrowser(app, broker) : await PersonaAgent.signIn({ broker, code });
      const kept =
        before?.installation !== undefined && before.broker === broker ? { installation: before.installation, home: before.home } : {};
      await writeCredentials(app.context.credentialsPath, { broker, sign_in, ...kept });
      const { me } = await app.connect();
      if (options.json === true) app.output.json(me);
      else app.output.line(`signed in as ${me.account} (${me.roles.join(", ")})`);
      if (replaced !== undefined && replaced.me.account !== me.account)
        app.output.note(
          `this took the place of ${replaced.me.account}, who was signed in here: another file is GUISE_CREDENTIALS=FILE guise login`,
        );
    });
};

/** Ctrl-C stops it. */
async function allowedInBrowser(app: App, broker: string): Promise<string> {
  const stopping = new AbortController();
  const forget = app.context.onInterrupt(() => stopping.abort());
  try {
    return await PersonaAgent.signInByBrowser({
      broker,
      client: clientName(),
      signal: stopping.signal,
      show: ({ verification_uri_complete, user_code, expires_in }) => {
        app.output.note(`Open ${plainText(verification_uri_complete)}`);
        app.output.note(`and allow the code ${plainText(user_code)}, within ${Math.floor(expires_in / 60)} minutes. Waiting …`);
      },
    });
  } finally {
    forget();
  }
}

/** What the person is shown; a name that is not to be shown is none. */
function clientName(): string {
  return `guise on ${plainText(hostname()).slice(0, 60)}`;
}

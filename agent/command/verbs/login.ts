import { createInterface } from "node:readline/promises";
import { PersonaAgent } from "../../sdk/index.ts";
import type { App } from "../app.ts";
import { isInteractive } from "../context.ts";
import { readCredentials, writeCredentials } from "../credentials.ts";
import { UsageError } from "../usage-error.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";

interface LoginOptions extends JsonOption {
  readonly broker?: string;
  readonly code?: string;
}

export const login: Verb = (program, app) => {
  withJson(program.command("login"))
    .summary("sign in with a one-time code")
    .description("Signs this machine in. A code comes from an operator: guise admin account code NAME. It is good once, for ten minutes.")
    .option("--broker <address>", "where Guise answers, such as http://127.0.0.1:7080; the one before, if there is one")
    .option("--code <code>", "the one-time code; asked for on a terminal")
    .action(async (options: LoginOptions) => {
      const before = await readCredentials(app.context.credentialsPath).catch(() => undefined);
      const replaced = before === undefined ? undefined : await app.connect().catch(() => undefined);
      const broker = options.broker ?? before?.broker;
      if (broker === undefined) throw new UsageError("nothing says where Guise is", "guise login --broker ADDRESS --code CODE");
      const sign_in = await PersonaAgent.signIn({ broker, code: options.code ?? (await askedCode(app)) });
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

async function askedCode(app: App): Promise<string> {
  if (!isInteractive(app.context)) throw new UsageError("there is no code, and no terminal to ask on", "guise login --code CODE");
  const asking = createInterface({ input: app.context.stdin, output: app.context.stderr });
  try {
    return (await asking.question("One-time code: ")).trim();
  } finally {
    asking.close();
  }
}

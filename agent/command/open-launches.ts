import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { LaunchView } from "@guise/contract";
import type { CommandResult, PersonaAgent, Workspace } from "../sdk/index.ts";
import type { App } from "./app.ts";
import { isInteractive } from "./context.ts";
import { inThisTerminal, throughPipes } from "./terminal-session.ts";
import { UsageError } from "./usage-error.ts";
import { type LocalProxy, openLocalProxy } from "./web/local-proxy.ts";
import { type Over, untilOver } from "./web/until-over.ts";

/** What is on the screen is not what the program drew any more. */
const CLEARED = new TextEncoder().encode("\u001b[0m\u001b[2J\u001b[H");

/** A terminal application takes this terminal over; gives its exit code. A drop of the connection is bridged. */
export async function openTerminal(app: App, workspace: Workspace, launch: LaunchView): Promise<number> {
  const exit = await inThisTerminal(app.context, async (size, onOutput, onNotice) => {
    const session = workspace.openTerminal(launch.launch_id, {
      size,
      onOutput: (bytes) => onOutput("stdout", bytes),
      onNotice,
      onState: (state) => state.state === "connected" && state.skipped > 0 && void onOutput("stdout", CLEARED),
    });
    return {
      ...session,
      resize: async (columns, rows) => session.resize(columns, rows),
      // Its keyboard has no end, and its signals are keys.
      end: async () => {},
      signal: async () => {},
    };
  });
  if (exit !== 0) app.output.note(`${launch.application} ended with ${exit}`);
  return exit;
}

/** A command's output and exit code. */
export function openCommand(app: App, workspace: Workspace, launch: LaunchView): Promise<number> {
  return throughPipes(app.context, (...told) => workspace.attach(launch.launch_id, undefined, ...told));
}

/** A command's output and exit code as text, for a program that reads one document. */
export async function collectCommand(app: App, workspace: Workspace, launch: LaunchView): Promise<CommandResult> {
  const collected = { stdout: new PassThrough(), stderr: new PassThrough() };
  const texts = Promise.all([text(collected.stdout), text(collected.stderr)]);
  try {
    const exit = await throughPipes({ ...app.context, ...collected }, (onOutput) =>
      workspace.attach(launch.launch_id, undefined, onOutput),
    );
    collected.stdout.end();
    collected.stderr.end();
    const [stdout, stderr] = await texts;
    return { exit, stdout, stderr };
  } finally {
    for (const stream of Object.values(collected)) stream.destroy();
    await texts.catch(() => {});
  }
}

/** What shows windows is the portal: a link to it, which signs in once. The application runs on, whoever looks. */
export async function openScreen(app: App, agent: PersonaAgent, workspace: Workspace, launch: LaunchView): Promise<number> {
  const { application } = await workspace.started(launch);
  const { link } = await agent.signInLink(`/workspaces/${workspace.id}`);
  app.output.line(`${application}  ${link}`);
  app.output.note("It is shown in the portal. The link opens once, for ten minutes.");
  return 0;
}

/** Serves web applications on this machine until Ctrl-C; they go on running in the workspace. */
export async function openWeb(
  app: App,
  agent: PersonaAgent,
  workspace: Workspace,
  launches: readonly LaunchView[],
  port: number,
): Promise<number> {
  const applications = await Promise.all(
    launches.map(async (launch) => {
      const { launch_id, application, path } = await workspace.started(launch);
      return { application, workspace_id: workspace.id, path, connect: (onOutput: OnBytes) => workspace.connect(launch_id, onOutput) };
    }),
  );
  const options = { port, now: Date.now, holdsCredential: (text: string) => agent.holdsCredential(text) };
  await using proxy = disposable(
    await openLocalProxy(applications, options).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES")
        throw new UsageError(`port ${port} of this machine cannot be had (${error.code})`, "another --port, or none for any free one");
      throw error;
    }),
  );
  printLinks(app, proxy);
  const over = await untilInterrupted(app, proxy, (signal) => untilOver(workspace, launches, (text) => app.output.note(text), signal));
  if (over !== undefined) {
    app.output.note(over.why);
    return over.exit;
  }
  app.output.note(`closed here; it goes on in the workspace. Give it back with: guise release ${workspace.id}`);
  return 0;
}

type OnBytes = (bytes: Uint8Array) => void | Promise<void>;

function printLinks(app: App, proxy: LocalProxy): void {
  for (const { application, url } of proxy.links()) app.output.line(`${application}  ${url}`);
  app.output.note(isInteractive(app.context) ? "Each link opens once. Enter: new links. Ctrl-C: close." : "Each link opens once.");
}

/** Enter prints new links, for another browser or a tab that was closed. Undefined: the person closed it. */
async function untilInterrupted(app: App, proxy: LocalProxy, follow: (signal: AbortSignal) => Promise<Over>): Promise<Over | undefined> {
  const { stdin } = app.context;
  const again = () => printLinks(app, proxy);
  const { promise, resolve } = Promise.withResolvers<Over | undefined>();
  const forget = app.context.onInterrupt(() => resolve(undefined));
  const followed = new AbortController();
  // Where it cannot be followed any more, the addresses stay as they are.
  follow(followed.signal).then(resolve, () => {});
  if (isInteractive(app.context)) stdin.on("data", again).resume();
  try {
    return await promise;
  } finally {
    followed.abort();
    forget();
    stdin.off("data", again).pause();
  }
}

function disposable(proxy: LocalProxy): LocalProxy & AsyncDisposable {
  return { ...proxy, [Symbol.asyncDispose]: () => proxy.close() };
}

/** Web applications share one local server; a terminal is opened when nothing else wants this one. Without a terminal it is said how to open them. */
export async function opened(app: App, agent: PersonaAgent, workspace: Workspace): Promise<number> {
  const launches = await workspace.openLaunchList();
  const web = launches.filter(({ kind }) => kind === "web");
  const terminal = launches.find(({ kind }) => kind === "terminal");
  const here = isInteractive(app.context);
  const now = here ? (web.length > 0 ? web : terminal === undefined ? [] : [terminal]) : [];
  for (const launch of launches) {
    if (!now.includes(launch))
      app.output.note(`launched ${launch.application}; open it: guise launch ${workspace.id} ${launch.application}`);
  }
  if (here && web.length > 0) return openWeb(app, agent, workspace, web, 0);
  return here && terminal !== undefined ? openTerminal(app, workspace, terminal) : 0;
}

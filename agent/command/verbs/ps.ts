import { estimateText, formatDuration, limitMark, type WorkspaceView } from "@guise/contract";
import { idleText } from "../idle-text.ts";
import { toneOf } from "../output.ts";
import { queueLine } from "../progress-lines.ts";
import { type JsonOption, type Verb, withJson } from "../verb.ts";
import { watchWorkspaces } from "../watch-workspaces.ts";

interface PsOptions extends JsonOption {
  readonly released?: boolean;
  readonly everyone?: boolean;
  readonly watch?: boolean;
}

export const ps: Verb = (program, app) => {
  withJson(program.command("ps"))
    .summary("list your workspaces")
    .description("Lists what you hold: state, for how long, and for those that wait, place and reason.")
    .option("--released", "those that were given back, too")
    .option("--everyone", "everybody's (operators)")
    .option("-w, --watch", "stay, and show what they use as it changes; with --json one message a line")
    .action(async (options: PsOptions) => {
      const agent = await app.connect();
      if (options.watch === true) return watchWorkspaces(app, agent, options);
      const views = await agent.workspaces({ released: options.released === true, everyone: options.everyone === true });
      if (options.json === true) return app.output.json(views);
      if (views.length === 0) return app.output.note("You hold no workspace. Ask for one: guise request PERSONA");
      const owner = options.everyone === true;
      const header = ["PERSONA", "ENVIRONMENT", "NAME", "STATE", "FOR", ...(owner ? ["OWNER"] : []), "WORKSPACE", "NOTE"];
      const rows = views.map((view) => rowOf(view, owner, Date.now()));
      app.output.table(header, rows, { column: 3, of: toneOf });
    });
};

function rowOf(view: WorkspaceView, owner: boolean, now: number): string[] {
  const since = Date.parse(view.ready_at ?? view.requested_at);
  const until = view.receipt === undefined ? now : Date.parse(view.receipt.released_at);
  const age = formatDuration(Math.max(0, Math.floor((until - since) / 1000) * 1000));
  const note = view.state === "ready" ? readyNote(view) : queueLine(view);
  const { persona_id, environment, name, state, workspace_id } = view;
  const silent = view.state !== "ready" && view.place === undefined && view.reason === undefined && view.message === undefined;
  const expected = view.estimate === undefined ? "" : `ready in ${estimateText(view.estimate)}`;
  const said = [silent ? "" : note, expected].filter((part) => part !== "").join("; ");
  return [persona_id, environment, name, state, age, ...(owner ? [view.owner] : []), workspace_id, said];
}

function outdatedNote({ outdated }: WorkspaceView): string {
  return outdated === undefined ? "" : "outdated: there are fresher packages, which it gets when it is suspended and resumed";
}

/** Only what the person should know of. */
function readyNote(view: WorkspaceView): string {
  const home = view.home !== undefined && view.home.state !== "roomy" ? view.home.why : "";
  return [view.shut?.why ?? "", idleNote(view), killedNote(view), home, outdatedNote(view)].filter((part) => part !== "").join("; ");
}

/** For how long a program that was killed is spoken of, ms. */
const NEWS = 3_600_000;

function killedNote({ limits_hit }: WorkspaceView): string {
  const killed = limits_hit?.find(({ limit, at }) => limit === "memory" && Date.now() - Date.parse(at) < NEWS);
  return killed === undefined ? "" : `${killed.program ?? "a program"} ${limitMark(killed)} for want of ram`;
}

function idleNote({ idle, persona_id }: WorkspaceView): string {
  if (idle === undefined) return "";
  return idle.warned ? `${idleText(idle)}, or: guise keep ${persona_id}` : idleText(idle);
}

import { kindFacts, Refusal } from "@guise/contract";
import type { WebSocket } from "ws";
import type { PermissionId } from "#access";
import type { LaunchRow, WorkspaceRow } from "#repository";
import { absent, type Call, callerOf, doneBy, readyWorkspaceOf } from "../call.ts";
import { upgradeRoute } from "../route.ts";
import { launchParams, workspaceParams } from "../schemas.ts";
import { StreamGuard } from "../stream-guard.ts";
import { workspaceResource } from "../workspace-resource.ts";

/** Close codes of RFC 6455. */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

const answers = { 101: { description: "A WebSocket; its protocol is in the contract (stream.ts)." } };

export const exec = upgradeRoute({
  id: "exec",
  method: "GET",
  url: "/v1/workspaces/:workspace/exec",
  tag: "applications",
  summary: "Run a command or a login shell (WebSocket)",
  target: "workspace",
  stream: true,
  params: workspaceParams,
  answers,
  errors: ["workspace_not_ready"],
  async prepare(call) {
    const workspace = readyWorkspaceOf(call);
    await call.services.repository.audit(doneBy(call, "exec", workspace.id));
    return guarded(call, "exec", workspace, (socket) => call.services.streams.exec(socket, workspace));
  },
});

export const launchTerminal = upgradeRoute({
  id: "launch_terminal",
  method: "GET",
  url: "/v1/workspaces/:workspace/launches/:launch/terminal",
  tag: "applications",
  summary: "The terminal of a launched application, or a command's output and exit (WebSocket)",
  target: "workspace",
  stream: true,
  params: launchParams,
  answers,
  errors: ["workspace_not_ready", "conflict"],
  async prepare(call) {
    const workspace = readyWorkspaceOf(call);
    const launch = await launchOf(call, workspace);
    const { joinedBy, title } = kindFacts(launch.kind);
    const { streams } = call.services;
    if (joinedBy === "terminal")
      return guarded(call, "launch_terminal", workspace, (socket) => streams.terminal(socket, workspace, launch.id));
    if (joinedBy !== "foreground") throw new Refusal("conflict", `${launch.application} is ${title}; it has no terminal.`);
    const foreground = foregroundOf(call, launch);
    return guarded(call, "launch_terminal", workspace, (socket) => streams.command(socket, workspace, foreground));
  },
});

export const launchConnect = upgradeRoute({
  id: "launch_connect",
  method: "GET",
  url: "/v1/workspaces/:workspace/launches/:launch/connect",
  tag: "applications",
  summary: "One TCP connection to a launched web application (WebSocket)",
  target: "workspace",
  way: "streams",
  stream: true,
  params: launchParams,
  answers,
  errors: ["workspace_not_ready", "conflict"],
  async prepare(call) {
    const workspace = readyWorkspaceOf(call);
    const { application, kind, web } = await launchOf(call, workspace);
    if (web === undefined) throw new Refusal("conflict", `${application} is ${kindFacts(kind).title}; it has no address.`);
    return guarded(call, "launch_connect", workspace, (socket) => call.services.streams.connect(socket, workspace, web.port));
  },
});

export const launchScreen = upgradeRoute({
  id: "launch_screen",
  method: "GET",
  url: "/v1/workspaces/:workspace/launches/:launch/screen",
  tag: "applications",
  summary: "The display of a launched desktop application, as RFB 3.8 (WebSocket)",
  target: "workspace",
  stream: true,
  params: launchParams,
  answers,
  errors: ["workspace_not_ready", "conflict"],
  async prepare(call) {
    const workspace = readyWorkspaceOf(call);
    const { id, application, kind } = await launchOf(call, workspace);
    const { joinedBy, title } = kindFacts(kind);
    if (joinedBy !== "screen") throw new Refusal("conflict", `${application} is ${title}; it has no display.`);
    return guarded(call, "launch_screen", workspace, (socket) => call.services.streams.screen(socket, workspace, id));
  },
});

/** A command is joined once, by whoever launched it. */
function foregroundOf(call: Call, launch: LaunchRow) {
  const { launcher, log } = call.services;
  const command = launcher.takeCommand(launch.id);
  if (command === undefined) throw new Refusal("conflict", "The command of this launch has been joined already.");
  const moved = (change: Parameters<typeof launcher.commandMoved>[1]): void => {
    launcher
      .commandMoved(launch.id, change)
      .catch((error: unknown) => log.warn({ err: error, launch: launch.id }, "a command's end could not be written"));
  };
  return { ...command, moved };
}

export async function launchOf(call: Call<{ launch: string }>, workspace: WorkspaceRow): Promise<LaunchRow> {
  const launches = await call.services.repository.launches(workspace.id);
  const launch = launches.find((one) => one.id === call.params.launch && one.generation === workspace.generation);
  if (launch === undefined) throw absent();
  return launch;
}

/** Serves the socket, and closes it when the right to it is lost or Guise stops. */
export function guarded(
  call: Call,
  permission: PermissionId,
  workspace: WorkspaceRow | undefined,
  serve: (socket: WebSocket, guard: StreamGuard) => void,
) {
  const { services } = call;
  return (socket: WebSocket): void => {
    const resource = workspace === undefined ? undefined : workspaceResource(workspace);
    const lost = () => socket.close(POLICY_VIOLATION, "no longer permitted");
    const guard = new StreamGuard(services, { principal: callerOf(call), permission, resource, lost });
    const goAway = () => socket.close(GOING_AWAY, "Guise is stopping");
    services.closing.addEventListener("abort", goAway, { once: true });
    socket.once("close", () => {
      guard.stop();
      services.closing.removeEventListener("abort", goAway);
    });
    serve(socket, guard);
  };
}

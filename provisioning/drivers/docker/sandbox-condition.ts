import type Docker from "dockerode";
import type { SandboxCondition } from "#provisioning";

/** What the engine says of one container; undefined when there is none. */
export type ContainerState =
  | Pick<Docker.ContainerInspectInfo["State"], "Running" | "Paused" | "OOMKilled" | "ExitCode" | "Error">
  | undefined;

/** `running` when guard, main and home are whole, `gone` when neither container is there, else what is broken. */
export function conditionOf(guard: ContainerState, main: ContainerState, homeIsMounted: boolean): SandboxCondition {
  if (guard === undefined && main === undefined) return { condition: "gone" };
  const why = whyBroken("guard", guard) ?? whyBroken("main container", main);
  if (why !== undefined) return { condition: "broken", why };
  return homeIsMounted ? { condition: "running" } : { condition: "broken", why: "the home is not mounted" };
}

function whyBroken(name: string, state: ContainerState): string | undefined {
  if (state === undefined) return `the ${name} is gone`;
  if (state.Running && !state.Paused) return undefined;
  if (state.Paused) return `the ${name} is paused`;
  if (state.OOMKilled) return `the ${name} used more ram than its limit and was ended`;
  return `the ${name} ended with exit code ${state.ExitCode}`;
}

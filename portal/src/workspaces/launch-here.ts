import type { PersonaAgent } from "@guise/agent";
import { kindFacts, type Launchable, type LaunchScreen, type LaunchView } from "@guise/contract";

/** Pixels beside and above what a tab shows. */
const BESIDE = { width: 220, height: 232 };

/** Opens an application that a tab will show: one with windows begins with the size that it will have, and as sharp as this screen is. */
export async function launchHere(agent: PersonaAgent, workspace: string, { application, kind }: Launchable): Promise<LaunchView> {
  const held = await agent.workspaceById(workspace);
  return held.launch(application, kindFacts(kind).joinedBy === "screen" ? { screen: screenHere() } : {});
}

function screenHere(): LaunchScreen {
  const within = (pixels: number) => Math.min(4096, Math.max(320, Math.round(pixels)));
  return {
    width: within(innerWidth - BESIDE.width),
    height: within(innerHeight - BESIDE.height),
    scale: Math.min(3, Math.max(1, Math.round(devicePixelRatio))) as LaunchScreen["scale"],
  };
}

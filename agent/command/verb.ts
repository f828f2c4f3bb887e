import type { Command } from "commander";
import type { App } from "./app.ts";
import type { WorkspaceOptions } from "./held-workspace.ts";

/** Adds one verb to the command line. */
export type Verb = (program: Command, app: App) => void;

/** The options by which several workspaces of one persona are told apart. */
export function withChoice(command: Command): Command {
  return command
    .option("-e, --environment <name>", "the environment of the workspace, where you hold several")
    .option("-n, --name <name>", "the name of the workspace, where you hold several");
}

export interface JsonOption {
  readonly json?: boolean;
}

export function withJson(command: Command, help = "print JSON"): Command {
  return command.option("--json", help);
}

export type ChoiceOptions = WorkspaceOptions & JsonOption;

/** For options that may be given several times. */
export function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

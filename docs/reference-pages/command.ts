import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { App } from "../../agent/command/app.ts";
import { guiseProgram } from "../../agent/command/program.ts";
import { page, table } from "./markdown.ts";

/** Every verb with its arguments and options, as `--help` tells them. */
export function commandPage(): string {
  const nothing = () => () => {};
  const context = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    ...{ credentialsPath: "", home: "", self: [], color: false, cwd: "/", terminalType: "" },
    onInterrupt: nothing,
    onExit: nothing,
    runProgram: async () => 0,
  };
  const program = guiseProgram(new App(context));
  const verbs = verbsOf(program);
  const overview = table(
    ["verb", "does"],
    program
      .createHelp()
      .visibleCommands(program)
      .filter(isOurs)
      .map((verb) => [`[${verb.name()}](#guise-${anchor(verb.name())})`, verb.summary() || verb.description()]),
  );
  return page(
    "The command `guise`",
    "`npm start` puts it into the checkout as `./guise`. `PERSONA` is a persona, or the id or the name of a workspace, as `guise ps` shows them. `--json` prints what programs read, `NO_COLOR` is heeded, [exit codes](exit-codes.md) tell scripts what happened, `guise completion bash` (or `zsh`, `fish`) prints what lets the shell complete all of this. Generated from `agent/command/verbs/`.",
    [overview, ...verbs.map(([name, verb]) => verbText(name, verb))].join("\n\n"),
  );
}

function isOurs(command: Command): boolean {
  return command.name() !== "help";
}

/** Those that do something; of a group its verbs. */
function verbsOf(command: Command, before = "guise"): [string, Command][] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter(isOurs)
    .flatMap((verb): [string, Command][] => {
      const name = `${before} ${verb.name()}`;
      return verb.commands.length === 0 ? [[name, verb]] : [[name, verb], ...verbsOf(verb, name)];
    });
}

function verbText(name: string, verb: Command): string {
  const help = verb.createHelp();
  const options = help.visibleOptions(verb).filter(({ long }) => long !== "--help");
  const examples = examplesOf(verb);
  return [
    `## ${name}`,
    ...(verb.commands.length > 0
      ? []
      : [
          `\`${[name, ...verb.registeredArguments.map((one) => help.argumentTerm(one)).map((term, at) => bracketed(term, verb, at))].join(" ")}\``,
        ]),
    verb.description().replaceAll("\n", " "),
    ...(options.length === 0 || verb.commands.length > 0
      ? []
      : [
          table(
            ["option", "meaning"],
            options.map((one) => [`\`${one.flags}\``, help.optionDescription(one)]),
          ),
        ]),
    ...(examples === "" ? [] : [`\`\`\`sh\n${examples}\n\`\`\``]),
  ].join("\n\n");
}

function bracketed(term: string, verb: Command, at: number): string {
  const argument = verb.registeredArguments[at];
  const name = argument?.variadic === true ? `${term}...` : term;
  return argument?.required === true ? `<${name}>` : `[${name}]`;
}

/** What the help text says behind "Examples:". */
function examplesOf(verb: Command): string {
  let text = "";
  verb.configureOutput({ writeOut: (piece) => (text += piece) });
  verb.outputHelp();
  return (/\nExamples:\n([\s\S]*)$/.exec(text)?.[1] ?? "").replace(/^ {2}/gm, "").trim();
}

function anchor(text: string): string {
  return text.toLowerCase().replaceAll(" ", "-");
}

import { Command } from "commander";
import { expect, test } from "vitest";
import { commandApart } from "./command-apart.ts";

const program = new Command();
program.command("exec").option("-t, --tty").option("-e, --environment <name>").option("-n, --name <name>");
program.command("launch").option("-e, --environment <name>").option("--port <port>").option("--json");
program.command("ps").option("--json");

test.each([
  ["exec p ls -la", "exec p -- ls -la"],
  ["exec p grep -n hello f", "exec p -- grep -n hello f"],
  ["exec p -e dev jq -n 1", "exec p -e dev -- jq -n 1"],
  ["exec -n main p --tty head -n 3", "exec -n main p --tty -- head -n 3"],
  ["exec p -edev --name=a ls", "exec p -edev --name=a -- ls"],
  ["exec p -x", "exec p -- -x"],
  ["exec p -- grep -n x", "exec p -- grep -n x"],
  ["exec p sh -c -- x", "exec p -- sh -c -- x"],
  ["exec p --help", "exec p --help"],
  ["launch p psql -c 1", "launch p psql -- -c 1"],
  ["launch p psql --port 80 --json", "launch p psql --port 80 --json"],
  ["launch p -e dev psql file -e x", "launch p -e dev psql -- file -e x"],
  ["launch p jupyterlab", "launch p jupyterlab"],
  ["ps --json", "ps --json"],
])("%s", (given, read) => {
  expect(commandApart(given.split(" "), program).join(" ")).toBe(read);
});

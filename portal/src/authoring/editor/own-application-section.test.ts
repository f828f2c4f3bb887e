import { expect, test } from "vitest";
import { OwnApplicationSection } from "./own-application-section.tsx";
import { faultsShown, shownPart } from "./shown-fields.ts";

const shown = (own: object, ...problems: readonly (readonly [string, string])[]) =>
  shownPart(OwnApplicationSection, {
    value: { applications: { dashboard: own } },
    problems: problems.map(([member, message]) => ({ path: `$.applications.dashboard${member}`, code: "wrong_value", message })),
  });

test("a server is asked for its port, and what is wrong stands at its field", () => {
  const markup = shown({ kind: "web", command: ["streamlit", ""] }, [".port", '"port" is required'], [".command[1]", "is empty"]);
  expect(faultsShown(markup)).toMatchObject({ Port: "&quot;port&quot; is required", "Program, and what is said to it": "is empty" });
  expect(markup).toContain("streamlit &#x27;&#x27;");
  expect(markup).toContain("dashboard opens by itself");
});

test("what only a server has is asked of no other, but shown where it was written", () => {
  const terminal = shown({ kind: "terminal", command: ["htop"] });
  expect(faultsShown(terminal)).not.toHaveProperty("Port");
  const left = shown({ kind: "terminal", command: ["htop"], port: 8501 }, [".port", "only a web application has port"]);
  expect(faultsShown(left)).toMatchObject({ Port: "only a web application has port" });
  expect(faultsShown(left)).not.toHaveProperty("Page that opens first");
});

test("what runs and ends opens by nothing", () => {
  expect(shown({ kind: "command", command: ["make"] })).not.toContain("opens by itself");
});

test("a name that cannot be is told at the application", () => {
  expect(shown({ kind: "terminal" }, ["", "is in the catalog"])).toMatch(/role="alert"[^>]*>is in the catalog</);
});

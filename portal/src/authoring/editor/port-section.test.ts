import { expect, test } from "vitest";
import { PortSection } from "./port-section.tsx";
import { faultsShown, shownPart } from "./shown-fields.ts";

test("what is wrong with a port stands at its field, and in an environment that has others at theirs", () => {
  const ports = [{ port: 80, name: "Preview" }];
  const wrong = { code: "wrong_value", message: "80 is too small" } as const;
  const everywhere = shownPart(PortSection, { value: { ports }, problems: [{ path: "$.ports[0].port", ...wrong }] });
  expect(faultsShown(everywhere)).toEqual({ Port: "80 is too small", "What it is called": undefined });
  const staging = shownPart(PortSection, {
    value: { ports: [], environments: { staging: { ports } } },
    environment: "staging",
    problems: [{ path: "$.environments.staging.ports[0].port", ...wrong }],
  });
  expect(faultsShown(staging)).toEqual({ Port: "80 is too small", "What it is called": undefined });
});

test("an environment without ports of its own shows those of all, and cannot change them by mistake", () => {
  const markup = shownPart(PortSection, {
    value: { ports: [{ port: 5173, name: "Preview" }], environments: { staging: {} } },
    environment: "staging",
  });
  expect(markup).toContain("As everywhere: 5173 Preview");
  expect(faultsShown(markup)).toEqual({});
});

test("what is no port is neither shown as one nor lost", () => {
  expect(shownPart(PortSection, { value: { ports: ["5173"] } })).toContain("mend it in the JSON");
  expect(shownPart(PortSection, { value: { ports: 5173 } })).toContain("mend it in the JSON");
});

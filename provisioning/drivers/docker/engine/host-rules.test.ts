import { expect, test } from "vitest";
import { hostRules } from "./host-rules.ts";

test("touches its own table alone and closes host and neighbors", () => {
  const rules = hostRules("guise_x", "guise-x", "10.231.0.0/22", "ours");
  expect([...rules.matchAll(/table (\S+ \S+)/g)].map((match) => match[1])).toEqual(["inet guise_x", "inet guise_x", "inet guise_x"]);
  expect(rules).not.toContain("flush");
  expect(rules).toMatch(/hook input[^}]*iifname "guise-x" drop/);
  expect(rules).toMatch(/hook forward[^}]*iifname "guise-x" oifname "guise-x" drop/);
});

test("where the engine masquerades, the same is closed and nothing is translated twice", () => {
  const rules = hostRules("guise_x", "guise-x", "172.18.0.0/16", "the engine's");
  expect(rules).not.toMatch(/masquerade|type nat/);
  expect(rules.slice(rules.indexOf("chain forw"))).toBe(
    hostRules("guise_x", "guise-x", "172.18.0.0/16", "ours").slice(-rules.slice(rules.indexOf("chain forw")).length),
  );
});

import { expect, test } from "vitest";
import { foreignSettings } from "./commit-layer.ts";

const ours = {
  User: "65534:65534",
  Env: ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/games"],
  Cmd: ["/bin/false"],
  Volumes: {},
  WorkingDir: "/",
  Entrypoint: [],
  OnBuild: [],
  Labels: { "guise.installation": "a", "guise.role": "image", "guise.run": "" },
};

test("our own configuration passes", () => {
  expect(foreignSettings("a", ours)).toEqual([]);
});

test.each([
  ["volumes", { Volumes: { "/var/lib/x": {} } }],
  ["ports", { ExposedPorts: { "80/tcp": {} } }],
  ["an entry point", { Entrypoint: ["/x"] }],
  ["a user", { User: "0" }],
  ["variables", { Env: [...ours.Env, "LD_PRELOAD=/x"] }],
  ["triggers", { OnBuild: ["RUN x"] }],
  ["a command", { Cmd: ["sh"] }],
  ["label guise.role", { Labels: { ...ours.Labels, "guise.role": "build" } }],
  ["label other", { Labels: { ...ours.Labels, other: "x" } }],
])("names what is not ours: %s", (name, change) => {
  expect(foreignSettings("a", { ...ours, ...change })).toEqual([name]);
});

import type { ImageView, WorkspaceView } from "@guise/contract";
import { expect, test } from "vitest";
import { removableOf, usersText, versionsText } from "./image-columns.tsx";
import { heldBy, whyText } from "./workspace-columns.tsx";
import { workspacesSearch } from "./workspaces-search.ts";

const demand = { cpu: 1, ram: 2, storage: 3, ingress: 4, egress: 5 };
const image = { image: "i", kind: "image", alone: 5, shared: 1, used_at: "", workspaces: [], versions: [] } satisfies Omit<
  ImageView,
  "kept"
>;

test("what runs holds all of its room, what is paused that of its home, what waits nothing", () => {
  expect(heldBy({ state: "ready", demand })).toEqual(demand);
  expect(heldBy({ state: "suspended", demand })).toEqual({ cpu: 0, ram: 0, storage: 3, ingress: 0, egress: 0 });
  expect(heldBy({ state: "queued", demand }).storage).toBe(0);
});

test("why a workspace is as it is stands in a sentence; what is ready explains only that nobody can enter it", () => {
  const view = { state: "suspended", reason: "suspended_by_operator" } as WorkspaceView;
  expect(whyText({ ...view, message: "olga, an operator: the disk is full" })).toBe("olga, an operator: the disk is full");
  expect(whyText(view)).toBe("Suspended by an operator.");
  expect(whyText({ ...view, state: "ready" })).toBe("");
  expect(whyText({ ...view, state: "ready", shut: { since: "", why: "no room" } })).toBe("no room");
});

test("an address says what is looked at, and what is none of it counts as not said", () => {
  expect(workspacesSearch({ state: "ready", search: 42, order: "owner", descending: true, tab: "x" })).toEqual({
    ...{ state: "ready", search: "42", order: "owner", descending: true },
  });
  expect(workspacesSearch({ state: "gone", order: "size", descending: "yes" })).toEqual({});
});

test("images say whose they are, who needs them, and what would go", () => {
  const versions = [
    { persona_id: "a", version: 2, revision: 1, current: true },
    { persona_id: "b", version: 1, revision: 3, current: false },
  ];
  expect(versionsText({ ...image, versions })).toBe("a version 2; b version 1, old revision 3");
  expect([versionsText(image), versionsText({ ...image, kind: "layer" })]).toEqual(["of no version any more", "left by a build"]);
  expect([usersText({ workspaces: [], kept: false }), usersText({ workspaces: ["w", "v"], kept: true })]).toEqual([
    "nobody",
    "2 workspaces",
  ]);
  expect(
    removableOf([
      { ...image, kept: false },
      { ...image, kept: true },
    ]),
  ).toEqual({ count: 1, bytes: 5 });
});

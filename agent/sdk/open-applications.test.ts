import type { LaunchView, WorkspaceView } from "@guise/contract";
import { expect, test } from "vitest";
import { openApplications } from "./open-applications.ts";

test("what is open is named as people see it, and what was closed is not", () => {
  const launch = (application: string, kind: string, state: string) => ({ application, kind, state }) as unknown as LaunchView;
  const applications = [
    { application: "jupyterlab", name: "JupyterLab" },
    { application: "shell", name: "Shell" },
  ] as unknown as WorkspaceView["applications"];
  const launches = [
    launch("jupyterlab", "web", "running"),
    launch("shell", "terminal", "running"),
    launch("shell", "terminal", "starting"),
    launch("micro", "terminal", "exited"),
    launch("apt:gnumeric", "terminal", "running"),
    launch("ruff", "command", "running"),
  ];
  expect(openApplications({ launches, applications })).toEqual({ reopened: ["JupyterLab", "Shell (2)", "apt:gnumeric"], ended: ["ruff"] });
  expect(openApplications({ launches: [], applications })).toEqual({ reopened: [], ended: [] });
});

import { expect, test } from "vitest";
import { ownFolder } from "./own-folder.ts";

test.each([
  ["jupyterlab", "/opt/jupyterlab"],
  ["pip:polars==1.*", "/opt/pip-polars-1.-"],
  ["../../etc", "/opt/etc"],
  ["", "/opt/application"],
])("an application's folder is one safe name: %s", (application, folder) => {
  expect(ownFolder("/opt", application)).toBe(folder);
});

import type { PackageManager } from "./package-manager.ts";
import { pip } from "./pip.ts";

/** A Python program in an environment of its own; written as for pip. */
export const pipx: PackageManager = {
  manager: "pipx",
  example: "pipx:httpie or pipx:httpie==3.*",
  read(text) {
    const reading = pip.read(text);
    return reading.package === undefined ? reading : { package: { ...reading.package, manager: "pipx" } };
  },
};

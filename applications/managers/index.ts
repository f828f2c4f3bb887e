import type { PackageManagerName } from "@guise/contract";
import { apt } from "./apt.ts";
import { npm } from "./npm.ts";
import type { PackageManager } from "./package-manager.ts";
import { pip } from "./pip.ts";
import { pipx } from "./pipx.ts";

export const PACKAGE_MANAGER_RULES: Readonly<Record<PackageManagerName, PackageManager>> = { apt, pip, pipx, npm };

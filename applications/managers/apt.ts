import { hostileReason, type PackageManager } from "./package-manager.ts";

/** Debian policy 5.6.1; a "-" at the end would tell apt-get to remove the package. */
const NAME = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+]$/;
const VERSION = /^(\d+:)?\d[A-Za-z0-9.+~-]*$/;

/** "name" or "name=version" (exact). Neither suites (`/backports`) nor other architectures (`:i386`). */
export const apt: PackageManager = {
  manager: "apt",
  example: "apt:jq or apt:jq=1.6-2.1",
  read(text) {
    const hostile = hostileReason(text);
    if (hostile !== undefined) return { reason: hostile };
    const [name = "", version, ...rest] = text.split("=");
    if (!NAME.test(name) || name.length > 100) return { reason: "is not the name of a Debian package" };
    if (version === undefined) return { package: { manager: "apt", name, argument: name } };
    if (rest.length > 0 || !VERSION.test(version) || version.length > 80) return { reason: 'has no exact Debian version after "="' };
    return { package: { manager: "apt", name, argument: `${name}=${version}` } };
  },
};

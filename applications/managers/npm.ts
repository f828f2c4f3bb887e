import { hostileReason, type PackageManager } from "./package-manager.ts";

const PACKAGE = /^((?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*)(?:@(.+))?$/;
/** One semantic version or range with one bound: "3", "3.x", "^3.1.0", "~3.1", ">=3.1", "<5", "3.1.0-rc.1". No tag: it moves. */
const VERSION = /^(?:[~^]|[<>]=?)?\d+(?:\.(?:\d+|x|\*)){0,2}(?:-[0-9A-Za-z.-]+)?$/;
/** With the name it stays a word that every tool takes whole. */
const LONGEST_RANGE = 100;

/** "name", "@scope/name", "name@version", "name@^2||^3". "owner/name" would be fetched from a Git host, and is refused. */
export const npm: PackageManager = {
  manager: "npm",
  example: "npm:prettier or npm:prettier@3",
  read(text) {
    const hostile = hostileReason(text);
    if (hostile !== undefined) return { reason: hostile };
    const [, name, version] = PACKAGE.exec(text) ?? [];
    if (name === undefined || name.length > 214) return { reason: "is not the name of an npm package" };
    if (version === undefined) return { package: { manager: "npm", name, argument: name } };
    const alternatives = version.split("||");
    if (version.length > LONGEST_RANGE || !alternatives.every((one) => VERSION.test(one)))
      return { reason: 'has no version such as "3", "^3.1.0", ">=3.1" or "^2||^3" after "@"' };
    return { package: { manager: "npm", name, argument: `${name}@${version}` } };
  },
};

import type { PackageManagerName } from "@guise/contract";

/** A package as it was found in an image, with its package URL. */
export interface FoundPackage {
  readonly manager: PackageManagerName;
  readonly name: string;
  readonly version: string;
}

/** The distribution that an image is made of: only Ubuntu's base-files has its name in the version. */
export function distributionOf(contents: readonly FoundPackage[]): "debian" | "ubuntu" {
  const base = contents.find(({ manager, name }) => manager === "apt" && name === "base-files");
  return base?.version.includes("ubuntu") === true ? "ubuntu" : "debian";
}

/** `pkg:deb/debian/jq@1.6-2.1?arch=amd64`, `pkg:pypi/ruamel-yaml@0.18`, `pkg:npm/%40scope/name@1.0.0`: each type has its own spelling of names. */
export function packageUrl({ manager, name, version }: FoundPackage, distribution: string): string {
  return `pkg:${SPELLINGS[manager](name, `@${encoded(version)}`, distribution)}`;
}

/** PyPI: lower case, and runs of dots, underscores and hyphens are one hyphen. */
function python(name: string, at: string): string {
  return `pypi/${encoded(name.toLowerCase().replaceAll(/[-_.]+/g, "-"))}${at}`;
}

const SPELLINGS: Readonly<Record<PackageManagerName, (name: string, at: string, distribution: string) => string>> = {
  apt(name, at, distribution) {
    const [bare = name, architecture] = name.split(":");
    return `deb/${distribution}/${encoded(bare)}${at}${architecture === undefined ? "" : `?arch=${encoded(architecture)}`}`;
  },
  pip: python,
  pipx: python,
  npm: (name, at) => `npm/${name.split("/").map(encoded).join("/")}${at}`,
};

/** Percent-encoded but for what a package URL leaves as it is; a colon stays. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%7E", "~");
}

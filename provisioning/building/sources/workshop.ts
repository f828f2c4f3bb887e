import type { ImagePlan } from "#provisioning";

/** What sources are built with beside what a persona names. */
export const TOOLCHAIN = ["build-essential", "cmake", "ninja-build", "patchelf", "pkg-config", "python3-dev"] as const;

/** Names of the distribution's packages that something is built with: headers, compilers, generators. */
const FOR_BUILDING =
  /^(?:.+-dev|.+-headers|cmake|ninja-build|meson|scons|swig|flex|bison|gperf|nasm|yasm|autoconf|automake|libtool|gettext|patchelf|g(?:cc|\+\+|fortran)(?:-\d+)?|clang(?:-\d+)?|llvm(?:-\d+)?|cython3|cargo|rustc|golang(?:-go)?|default-jdk(?:-headless)?|openjdk-\d+-jdk(?:-headless)?|qt\w+-(?:qmake|default)|qmake6|graphviz|r-base-core)$/;

/** The persona's own packages of the distribution that its sources are built with: others would only make each persona a workshop of its own. */
export function workshopPackages({ layers }: Pick<ImagePlan, "layers">): string[] {
  const own = layers
    .filter(({ manager, application }) => manager === "apt" && application.includes(":"))
    .flatMap(({ packages }) => packages);
  return own.filter((argument) => FOR_BUILDING.test(argument.split("=")[0] ?? "")).sort();
}

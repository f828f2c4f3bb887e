/** Backports of what Python has by itself now; some of them no longer install. */
const PART_OF_PYTHON: ReadonlySet<string> = new Set(
  "argparse asyncio contextvars dataclasses enum34 futures importlib ordereddict pathlib singledispatch ssl statistics typing unittest2 uuid wsgiref".split(
    " ",
  ),
);
const OF_OTHER_SYSTEMS: ReadonlySet<string> = new Set(
  "appnope pyobjc pyobjc-core pypiwin32 pywin32 pywin32-ctypes pywinpty windows-curses winkerberos wmi".split(" "),
);

/** What stands for a name of Python's index that no workspace needs: it is there, or why it can be left out. */
export function needlessName(name: string): { readonly there: string } | { readonly reason: string } | undefined {
  if (PART_OF_PYTHON.has(name)) return { there: "a part of Python itself" };
  // What pip freeze of Debian and Ubuntu wrote for years.
  if (name === "pkg-resources") return { there: "comes with setuptools" };
  return OF_OTHER_SYSTEMS.has(name) ? { reason: "for Windows or macOS alone: leave it out" } : undefined;
}

import { expect, test } from "vitest";
import { FailureReader } from "./read-build-failure.ts";

/** What builds of real packages said, shortened to the lines around the cause; the package; the sentence. */
const SAID: readonly (readonly [string, string, string, string])[] = [
  [
    "a program that tells where a library is",
    "psycopg2",
    `      Error: pg_config executable not found.
      pg_config is required to build psycopg2 from source.  Please add the directory
      If you prefer to avoid building psycopg2 from source, please install the PyPI 'psycopg2-binary' package instead.
ERROR: Failed to build 'psycopg2' when getting requirements to build wheel`,
    "pg_config is not there; apt:libpq-dev brings it, and pip:psycopg2-binary may be taken instead",
  ],
  [
    "a header",
    "python-ldap",
    `      Modules/common.h:15:10: fatal error: lber.h: No such file or directory
         15 | #include <lber.h>
      compilation terminated.
      error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1`,
    "the header lber.h is not there; apt:libldap-dev brings it",
  ],
  [
    "a library that meson looks for",
    "pycairo",
    `      Did not find CMake 'cmake'
      Run-time dependency cairo found: NO (tried pkgconfig and cmake)
      ../cairo/meson.build:31:12: ERROR: Dependency "cairo" not found, tried pkgconfig and cmake
      ERROR: Preparing metadata (pyproject.toml) did not run successfully.`,
    "the library cairo is not there; apt:libcairo2-dev brings it",
  ],
  [
    "a library that pkg-config looks for",
    "x",
    "Package libsystemd was not found in the pkg-config search path.\nNo package 'libsystemd' found",
    "the library libsystemd is not there; apt:libsystemd-dev brings it",
  ],
  [
    "a library to link with",
    "x",
    "/usr/bin/ld: cannot find -lgmp: No such file or directory",
    "the library gmp is not there; apt:libgmp-dev brings it",
  ],
  [
    "a browser that is downloaded",
    "puppeteer",
    'Error: ERROR: Failed to set up chrome v126.0.6478.126! Set "PUPPETEER_SKIP_DOWNLOAD" env variable to skip download.\nError: getaddrinfo ENOTFOUND storage.example.org',
    'it wants to download a browser, and a build has no network; name "chromium" beside it, and it takes that one',
  ],
  [
    "a download",
    "x",
    "      urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>",
    "it wants to download something while it is built, and a build has no network; another version of it may be there ready built",
  ],
  [
    "Rust",
    "x",
    "      error: can't find Rust compiler",
    "it is written in Rust, whose own packages a build here cannot fetch; another version of it may be there ready built",
  ],
  [
    "a package for Python 2",
    "x",
    "      SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?",
    "it is written for Python 2; another version of it may be there ready built",
  ],
  [
    "a module that it does not name",
    "x",
    "      ModuleNotFoundError: No module named 'numpy'",
    "its build needs the Python module numpy, which its source does not name; another version of it may be there ready built",
  ],
  [
    "a name that is given up",
    "sklearn",
    `      The 'sklearn' PyPI package is deprecated, use 'scikit-learn'
      [end of output]
  note: This error originates from a subprocess, and is likely not a problem with pip.`,
    "it is a name that was given up for scikit-learn; pip:scikit-learn may be taken instead",
  ],
  [
    "memory",
    "x",
    "c++: fatal error: Killed signal terminated program cc1plus",
    "it needs more memory than a build has (2 GiB); another version of it may be there ready built",
  ],
];
test.each(SAID)("%s", (_, name, said, sentence) => {
  const reader = new FailureReader();
  for (const line of said.split("\n")) reader.push(line);
  expect(reader.reasonOfPython(name)).toBe(sentence);
});

test("a build that says nothing, or anything without end, is told in a sentence all the same", () => {
  expect(new FailureReader().reasonOfPython("x")).toBe("it said nothing; another version of it may be there ready built");
  const reader = new FailureReader();
  for (let line = 0; line < 2_000; line++) reader.push("a.".repeat(50_000));
  expect(reader.reasonOfPython("x").length).toBeLessThan(300);
});

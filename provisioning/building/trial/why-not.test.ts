import { expect, test } from "vitest";
import { whyNoImport, whyNoStart } from "./why-not.ts";

const ended = (code: number, ...words: readonly string[]) => ({ how: "ended", code, words: `${words.join("\n")}\n` }) as const;
const died = (signal: number, words = "") => ({ how: "died", signal, words }) as const;
const traceback = (...last: readonly string[]) =>
  ended(
    1,
    "Traceback (most recent call last):",
    '  File "/opt/guise/python/bin/frob", line 3, in <module>',
    "    from frob import main",
    ...last,
  );
const node = (...last: readonly string[]) =>
  ended(1, "node:internal/modules/cjs/loader:1228", "  throw err;", "  ^", "", ...last, "", "Node.js v24.1.0");

test.each([
  [
    "a module that was compiled against another version",
    traceback("ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject"),
    { kind: "other", reason: "it is made for another version of the Python module numpy than is here" },
  ],
  ["a module of Python", traceback("ModuleNotFoundError: No module named 'frob.core'"), { kind: "python_module", name: "frob.core" }],
  [
    "a module of Python, in many words",
    traceback("ImportError: Unable to import required dependencies:", "numpy: No module named 'numpy'"),
    { kind: "python_module", name: "numpy" },
  ],
  [
    "a library of a module",
    traceback("ImportError: libGL.so.1: cannot open shared object file: No such file or directory"),
    { kind: "library", name: "libGL.so.1" },
  ],
  [
    "a name that another version has",
    traceback("ImportError: cannot import name 'escape' from 'jinja2' (/opt/guise/python/lib/python3.11/site-packages/jinja2/__init__.py)"),
    { kind: "other", reason: "it wants escape of the Python module jinja2, whose version here has none" },
  ],
  [
    "a symbol",
    traceback("ImportError: /opt/x/_c.so: undefined symbol: PyUnicode_GET"),
    { kind: "other", reason: "a library that it uses is of another version (undefined symbol PyUnicode_GET)" },
  ],
  [
    "a clash in the package's own words",
    traceback("ImportError: frob requires numpy>=2, and 1.26.4 is here"),
    { kind: "other", reason: 'it says "frob requires numpy>=2, and 1.26.4 is here"' },
  ],
  [
    "a module of Node",
    node("Error: Cannot find module 'left-pad'", "Require stack:", "- /a.js {", "  code: 'MODULE_NOT_FOUND',"),
    { kind: "node_module", name: "left-pad" },
  ],
  [
    "a package of Node",
    node("Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@a/b' imported from /x.mjs"),
    { kind: "node_module", name: "@a/b" },
  ],
  [
    "a native part for another Node",
    node("was compiled against a different Node.js version using", "NODE_MODULE_VERSION 115.", "  code: 'ERR_DLOPEN_FAILED'"),
    { kind: "other", reason: "its native part is made for another version of Node" },
  ],
])("what cannot be imported is told with %s", (_, end, why) => {
  expect(whyNoImport(end, "frob")).toEqual(why);
  expect(whyNoStart(end, false)).toEqual(why);
});

test.each([
  [
    "an interpreter",
    ended(
      127,
      "guise-trial: line 1: /usr/bin/frob: cannot execute: required file not found",
      "guise-trial: begins with #! /usr/bin/ruby -w",
    ),
    { kind: "program", name: "ruby" },
  ],
  [
    "an interpreter, as an older shell says it",
    ended(126, "guise-trial: line 1: /usr/bin/frob: /usr/bin/ruby: bad interpreter: No such file or directory"),
    { kind: "program", name: "ruby" },
  ],
  [
    "what env looks for",
    ended(127, "/usr/bin/env: ‘wish’: No such file or directory", "guise-trial: begins with #!/usr/bin/env wish"),
    { kind: "program", name: "wish" },
  ],
  ["what a script goes on as", ended(127, "/usr/bin/frob: 3: exec: java: not found"), { kind: "program", name: "java" }],
  [
    "a library",
    ended(127, "frob: error while loading shared libraries: libfrob.so.3: cannot open shared object file: No such file"),
    { kind: "library", name: "libfrob.so.3" },
  ],
  [
    "a symbol",
    ended(127, "/usr/bin/frob: symbol lookup error: /usr/lib/libx.so.1: undefined symbol: x_open"),
    { kind: "other", reason: "a library that it uses is of another version (undefined symbol x_open)" },
  ],
  [
    "a newer system's library",
    ended(1, "frob: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by frob)"),
    { kind: "other", reason: "it is made for a newer system, which has GLIBC_2.99" },
  ],
  [
    "another processor",
    ended(126, "guise-trial: line 1: /opt/frob: cannot execute binary file: Exec format error"),
    { kind: "other", reason: "it is made for another kind of processor" },
  ],
  ["SIGSEGV", died(11), { kind: "other", reason: "it dies of SIGSEGV, whatever it is asked" }],
  ["SIGABRT", died(6, "free(): invalid pointer"), { kind: "other", reason: "it dies of SIGABRT, whatever it is asked" }],
])("a program that cannot start is told with %s", (_, end, why) => {
  expect(whyNoStart(end, false)).toEqual(why);
  expect(whyNoImport(end, "frob")).toBeUndefined();
});

test.each([
  ["an option that it does not know", ended(2, "frob: unrecognized option '--version'")],
  ["a display that is not there", ended(1, "Error: Can't open display: ")],
  ["a display, and dying of it", died(6, "qt.qpa.xcb: could not connect to display")],
  ["an argument, and dying of it", died(6, "terminate called after throwing an instance of 'std::invalid_argument'")],
  ["being ended", died(9)],
  ["no time", { how: "ran" } as const],
  ["not having been tried", { how: "untried" } as const],
  ["good", ended(0, "Traceback (most recent call last):", "ModuleNotFoundError: No module named 'x'")],
  ["a program that it is to start", ended(127, "/usr/bin/env: ‘--version’: No such file or directory")],
  ["a program that it is to start, by a script", ended(127, "/usr/bin/frob-run: 7: exec: --version: not found")],
  [
    "another exception at the end",
    traceback(
      "ModuleNotFoundError: No module named 'x'",
      "During handling of the above exception, another exception occurred:",
      "RuntimeError: configure me",
    ),
  ],
  ["a module that it only speaks of", ended(1, "ModuleNotFoundError: No module named 'x'")],
  [
    "an ImportError about the place",
    traceback("ImportError: this platform is not supported: ('failed to acquire X connection', 'version')"),
  ],
  ["an ImportError about something else", traceback("ImportError: run me as a plugin")],
  ["metadata that it looks for", traceback("importlib.metadata.PackageNotFoundError: No package metadata was found for frob")],
  ["a module of Node that somebody caught", ended(1, "Cannot find module 'x' MODULE_NOT_FOUND")],
])("%s is no reason", (_, end) => {
  expect(whyNoStart(end, false)).toBeUndefined();
  expect(whyNoImport(end, "frob")).toBeUndefined();
});

test("what is known to want a display may die for want of it", () => {
  expect(whyNoStart(died(11), true)).toBeUndefined();
});

test.each(["./dist/index.js", "/opt/guise/npm/lib/node_modules/frob/index.js", ".frob/client", "frob", "frob/made-later"])(
  "a package of npm that lacks its own %s may be good all the same; a program that lacks it is not",
  (name) => {
    const end = node(`Error: Cannot find module '${name}'`, "  code: 'MODULE_NOT_FOUND',");
    expect(whyNoImport(end, "frob")).toBeUndefined();
    expect(whyNoStart(end, false)).toEqual({ kind: "node_module", name });
  },
);

import { insteadOf, packageBringing } from "./helping-packages.ts";

/** Characters of a line that are looked at. */
const MOST_LINE = 400;

interface Cause {
  /** What is wrong, without a full stop. */
  readonly reason: string;
  /** What helps; without it another version may. */
  readonly help?: string | undefined;
}

interface Rule {
  readonly pattern: RegExp;
  cause(name: string): Cause;
}

const lacks = (what: string, name: string): Cause => {
  const debian = packageBringing(name);
  return { reason: what, help: debian === undefined ? undefined : `apt:${debian} brings it` };
};
const always =
  (reason: string, help?: string): Rule["cause"] =>
  () => ({ reason, help });

/** The plainest cause first: what comes after it in the output is mostly its consequence. */
const RULES: readonly Rule[] = [
  {
    pattern: /fatal error: ([\w./+-]{1,100}\.h(?:h|pp|xx)?): No such file/,
    cause: (name) => lacks(`the header ${name} is not there`, name),
  },
  { pattern: /\b(\w{1,30}[_-]config)(?: executable)?:? (?:command )?not found/, cause: (name) => lacks(`${name} is not there`, name) },
  {
    pattern: /(?:No package '|Package |Dependency ")([\w.+-]{1,60})(?:' found|,? (?:required by .{1,80}, )?(?:was )?not found|" not found)/,
    cause: (name) => lacks(`the library ${name} is not there`, name),
  },
  {
    pattern: /package is deprecated,? use '?([\w.-]{1,60})/,
    cause: (name) => ({ reason: `it is a name that was given up for ${name}` }),
  },
  { pattern: /Can not find valid (pkg-config) name/, cause: () => lacks("the library that it is built on is not there", "mysqlclient") },
  { pattern: /cannot find -l([\w.+-]{1,60})/, cause: (name) => lacks(`the library ${name} is not there`, name) },
  {
    pattern: /can't find Rust compiler|Rust toolchain|[Cc]argo, the Rust package manager|`?cargo`? (?:is )?not (?:found|installed)/,
    cause: always("it is written in Rust, whose own packages a build here cannot fetch"),
  },
  {
    pattern: /Failed to set up [Cc]hrome|PUPPETEER_SKIP_DOWNLOAD|PUPPETEER_SKIP_CHROMIUM_DOWNLOAD|CHROMEDRIVER_SKIP_DOWNLOAD/,
    cause: always("it wants to download a browser, and a build has no network", 'name "chromium" beside it, and it takes that one'),
  },
  {
    pattern:
      /Temporary failure in name resolution|Name or service not known|Failed to establish a new connection|urlopen error|Could not resolve host|Network is unreachable|nodename nor servname|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|connect E(?:CONNREFUSED|NETUNREACH|HOSTUNREACH)|TypeError: fetch failed/,
    cause: always("it wants to download something while it is built, and a build has no network"),
  },
  {
    pattern:
      /use_2to3 is invalid|Missing parentheses in call to 'print'|No module named '(?:ConfigParser|urllib2|Queue|StringIO|commands)'/,
    cause: always("it is written for Python 2"),
  },
  {
    pattern: /No module named '([\w.]{1,60})'/,
    cause: (name) => ({ reason: `its build needs the Python module ${name}, which its source does not name` }),
  },
  {
    pattern: /No such file or directory: '([\w+.-]{1,40})'|\b([\w+-]{2,40}): (?:command )?not found|unable to execute '([\w+.-]{1,40})'/,
    cause: (name) => lacks(`the program ${name} is not there`, name),
  },
  {
    pattern: /CMake must be installed|Could not find cmake|(cmake) not found/i,
    cause: () => lacks("the program cmake is not there", "cmake"),
  },
  {
    pattern: /Killed signal terminated program|MemoryError|Cannot allocate memory|exit code: -9\b|exit status 137/,
    cause: always("it needs more memory than a build has (2 GiB)"),
  },
  { pattern: /No space left on device/, cause: always("the disk is full") },
];
const EXCEPTION = /^\s*(?:\w{1,60}\.){0,9}\w{0,60}(?:Error|Exception): (.{1,200})/;
const COMPLAINT = /\berror: (.{1,200})/i;
/** pip's own words around what the build said. */
const AROUND =
  /subprocess-exited-with-error|did not run successfully|metadata-generation-failed|Failed (?:to build|building)|^\s*(?:note|hint):|exit code|\[end of output\]/;

/** Reads what a source's build says while it runs; when it failed, the reason in one sentence. */
export class FailureReader {
  readonly #found = new Map<Rule, string>();
  #exception = "";
  #last = "";

  push(whole: string): void {
    const line = whole.slice(0, MOST_LINE);
    for (const rule of RULES) {
      if (this.#found.has(rule)) continue;
      const match = rule.pattern.exec(line);
      if (match !== null) this.#found.set(rule, match.slice(1).find(Boolean) ?? "");
    }
    if (AROUND.test(line)) return;
    this.#exception = EXCEPTION.exec(line)?.[1] ?? COMPLAINT.exec(line)?.[1] ?? this.#exception;
    if (/\w/.test(line)) this.#last = line.trim().slice(0, 200);
  }

  /** With what helps. `other`: what does, of the kind of package that it is; `otherwise`: where nothing is known to. */
  reason(other: string | undefined, otherwise: string): string {
    const { reason, help } = this.#cause();
    const helps = [help, other].filter((one) => one !== undefined);
    return `${reason.replace(/\.$/, "")}; ${helps.length === 0 ? otherwise : helps.join(", and ")}`;
  }

  /** Of a Python package, whose name is as an index writes it. */
  reasonOfPython(name: string): string {
    const other = insteadOf(name);
    return this.reason(
      other === undefined ? undefined : `pip:${other} may be taken instead`,
      "another version of it may be there ready built",
    );
  }

  #cause(): Cause {
    const rule = RULES.find((one) => this.#found.has(one));
    if (rule !== undefined) return rule.cause(this.#found.get(rule) ?? "");
    return { reason: this.#exception || this.#last || "it said nothing" };
  }
}

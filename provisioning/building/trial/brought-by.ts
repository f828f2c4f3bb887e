import { packageOfLibrary } from "../contents/runtime-libraries.ts";
import type { WhyNot } from "./why-not.ts";

/** Python's modules by the packages that bring them, where the two have other names. */
const MODULES: Readonly<Record<string, string>> = {
  "pip:attrs": "attr",
  "pip:beautifulsoup4": "bs4",
  "pip:grpcio": "grpc",
  "pip:matplotlib": "mpl_toolkits pylab",
  "pip:opencv-python-headless": "cv2",
  "pip:pillow": "PIL",
  "pip:protobuf": "google.protobuf",
  "pip:pycryptodome": "Crypto",
  "pip:pyjwt": "jwt",
  "pip:pymysql": "MySQLdb",
  "pip:pyserial": "serial",
  "pip:python-dateutil": "dateutil",
  "pip:python-docx": "docx",
  "pip:python-dotenv": "dotenv",
  "pip:pyyaml": "yaml",
  "pip:pyzmq": "zmq",
  "pip:scikit-image": "skimage",
  "pip:scikit-learn": "sklearn",
  // From version 82 on without pkg_resources.
  "pip:setuptools<82": "pkg_resources distutils setuptools",
  "apt:python3-dbus": "dbus",
  "apt:python3-gi": "gi",
  "apt:python3-gdal": "osgeo",
  "apt:python3-tk": "tkinter _tkinter",
};
/** Modules that Python itself has no more in 3.13 (PEP 594) or 3.12. */
const GIVEN_UP = new Set(
  "aifc asynchat asyncore audioop cgi cgitb chunk crypt imghdr imp lib2to3 mailcap nntplib pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib".split(
    " ",
  ),
);
/** Modules of other systems. */
const ELSEWHERE = new Set("AppKit Foundation msvcrt pythoncom pywintypes win32api win32con winreg _winapi _winreg".split(" "));
/** What scripts are run by, by Debian's packages. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "default-jre-headless": "java",
  expect: "expect",
  fish: "fish",
  gawk: "gawk",
  gnuplot: "gnuplot",
  ksh: "ksh",
  "lua5.4": "lua",
  nodejs: "node",
  "php-cli": "php",
  "python-is-python3": "python",
  python3: "python3",
  "r-base-core": "R Rscript",
  ruby: "ruby",
  tcl: "tclsh",
  tcsh: "csh tcsh",
  tk: "wish",
  zsh: "zsh",
};

const BY_MODULE = byName(MODULES);
const BY_PROGRAM = byName(PROGRAMS);

/** What brings something that is not there. `isSure`: it is known, and no guess by the name. */
export interface Bringer {
  readonly name: string;
  readonly isSure: boolean;
}

/** `own`: names of the modules that lack it, whose parts no other package brings. */
export function bringerOf(lack: Exclude<WhyNot, { kind: "other" }>, own: string): Bringer | undefined {
  const { kind, name } = lack;
  if (kind === "library") return sure(packageOfLibrary(name), "apt:");
  if (kind === "program") return sure(BY_PROGRAM.get(name), "apt:");
  if (kind === "node_module") {
    const [wanted = ""] = /^(?:@[a-z0-9._~-]+\/)?[a-z0-9._~-]+/i.exec(name) ?? [];
    return wanted === "" || /^[./]/.test(name) || wanted === own ? undefined : { name: `npm:${wanted}`, isSure: true };
  }
  const [top = ""] = name.split(".");
  const known = BY_MODULE.get(name) ?? BY_MODULE.get(top);
  if (known !== undefined) return { name: known, isSure: true };
  if (top === own.split(".", 1)[0] || top.startsWith("_") || ELSEWHERE.has(top)) return undefined;
  return GIVEN_UP.has(top) ? { name: '"base": "debian-12"', isSure: false } : { name: `pip:${top.replaceAll("_", "-")}`, isSure: false };
}

function sure(name: string | undefined, prefix: string): Bringer | undefined {
  return name === undefined ? undefined : { name: `${prefix}${name}`, isSure: true };
}

function byName(brings: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(brings).flatMap(([name, parts]) => parts.split(" ").map((part) => [part, name] as const)));
}

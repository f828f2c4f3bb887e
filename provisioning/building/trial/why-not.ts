import type { TrialEnd } from "./run-trials.ts";

/** Why something cannot start; nothing else that went wrong is a reason. `name`s are a stranger's words. */
export type WhyNot =
  | { readonly kind: "library" | "python_module" | "node_module" | "program"; readonly name: string }
  | { readonly kind: "other"; readonly reason: string };

/** Of how a program ended: that it says nothing of a display, for there is none. `isDesktop`: it is known to want one. */
export function whyNoStart(end: TrialEnd, isDesktop: boolean): WhyNot | undefined {
  if (end.how === "died") return isDesktop ? undefined : death(end);
  if (end.how !== "ended" || end.code === 0) return undefined;
  return (end.code === 126 || end.code === 127 ? ofShell(end.words) : undefined) ?? ofLoader(end.words) ?? ofLanguage(end.words);
}

/** Of how an import ended: one that dies, or wants something else than modules and libraries, is no fault of the package. */
export function whyNoImport(end: TrialEnd, module: string): WhyNot | undefined {
  const why = end.how === "ended" && end.code !== 0 ? ofLanguage(end.words) : undefined;
  return why?.kind === "node_module" && isOwnFile(why.name, module) ? undefined : why;
}

/** npm's packages name entries that they do not have, or that are made in somebody's project (@prisma/client). */
function isOwnFile(name: string, module: string): boolean {
  return /^[./]/.test(name) || name === module || name.startsWith(`${module}/`);
}

const FATAL = new Map([
  [4, "SIGILL (this machine's processor lacks instructions that it is made for)"],
  [6, "SIGABRT"],
  [11, "SIGSEGV"],
]);
/** Words with which a program ends itself on purpose: for want of a display, or for what it was asked. */
const ON_PURPOSE = /display|platform plugin|wayland|\bxcb\b|X ?server|\bX11\b|\bGLX\b|\bEGL\b|terminate called|panicked at|[Aa]ssert/i;

function death({ signal, words }: Extract<TrialEnd, { how: "died" }>): WhyNot | undefined {
  const name = FATAL.get(signal);
  return name === undefined || ON_PURPOSE.test(words) ? undefined : other(`it dies of ${name}, whatever it is asked`);
}

/** What the shell, or `env`, says of a program that cannot be begun. */
function ofShell(words: string): WhyNot | undefined {
  const [, first = "", second = ""] = /^guise-trial: begins with #![ \t]{0,9}(\S{1,200})(?:[ \t]{1,9}(\S{1,200}))?/m.exec(words) ?? [];
  const through = baseName(first) === "env" ? second : first;
  const bad = /: (\S{1,200}): bad interpreter: No such file or directory$/m.exec(words)?.[1];
  if (bad !== undefined) return isOption(bad) ? undefined : { kind: "program", name: baseName(bad) };
  if (/: cannot execute: required file not found$/m.test(words) && through !== "") return { kind: "program", name: baseName(through) };
  const asked =
    /(?:^|\/)env: [‘'"]?([\w.+-]{1,60})[’'"]?: No such file or directory$/m.exec(words)?.[1] ??
    /: exec: ([\w./+-]{1,60}): not found$/m.exec(words)?.[1];
  // A program that starts what it is given was given "--version".
  if (asked !== undefined && !isOption(asked) && !/^guise-trial: line \d+: exec: /m.test(words))
    return { kind: "program", name: baseName(asked) };
  return /: Exec format error$/m.test(words) ? other("it is made for another kind of processor") : undefined;
}

/** What the dynamic loader says, whatever a program is written in. */
function ofLoader(words: string): WhyNot | undefined {
  const library = /error while loading shared libraries: ([^\s:]{1,200}): cannot open shared object file/.exec(words)?.[1];
  if (library !== undefined) return { kind: "library", name: library };
  const symbol = /symbol lookup error: .{1,300}: undefined symbol: (\S{1,200})/.exec(words)?.[1];
  if (symbol !== undefined) return undefinedSymbol(symbol);
  const version = /: version [`'‘]([\w.]{1,60})['’] not found \(required by/.exec(words)?.[1];
  return version === undefined ? undefined : noVersion(version);
}

function ofLanguage(words: string): WhyNot | undefined {
  return ofPython(words) ?? ofNode(words);
}

/** The exception that a traceback ends with. */
function ofPython(words: string): WhyNot | undefined {
  if (!words.includes("Traceback (most recent call last)")) return undefined;
  const lines = words.split("\n");
  const at = lines.findLastIndex(isException);
  const line = lines[at] ?? "";
  const text = [line.slice(line.indexOf(":") + 1), ...lines.slice(at + 1)].join("\n").trim();
  if (line.startsWith("ModuleNotFoundError:")) return missingModule(text);
  // What Cython's modules say of what they were compiled against.
  const changed = /^ValueError: (\w{1,60})[\w.]{0,100} size changed, may indicate binary incompatibility/.exec(line)?.[1];
  if (changed !== undefined) return other(`it is made for another version of the Python module ${changed} than is here`);
  return line.startsWith("ImportError:") ? importError(text) : undefined;
}

/** "ImportError: …", "package.errors.SomeError", but no line of the source or of the message. */
function isException(line: string): boolean {
  const [name = ""] = line.split(":", 1);
  return /^[A-Za-z_][\w.]{0,200}$/.test(name) && /(?:Error|Exception|Exit|Interrupt)$/.test(name);
}

/** Words of an `ImportError` that is about what is installed, not about where it runs. */
const OF_VERSIONS = /\brequires?\b|\bneeds\b|incompatible|compiled (?:using|against|with)|failed to import|\bversions?\b/i;
const OF_PLACE = /display|platform|X ?server|X11|root|administrator|Windows|macOS|\bGPU\b|CUDA/i;

function importError(text: string): WhyNot | undefined {
  const library = /([^\s:]{1,200}\.so[^\s:]{0,60}): cannot open shared object file/.exec(text)?.[1];
  if (library !== undefined) return { kind: "library", name: library };
  const symbol = /undefined symbol: (\S{1,200})/.exec(text)?.[1];
  if (symbol !== undefined) return undefinedSymbol(symbol);
  const version = /version [`'‘]([\w.]{1,60})['’] not found/.exec(text)?.[1];
  if (version !== undefined) return noVersion(version);
  const [, name = "", from = ""] =
    /cannot import name '(\w{1,100})' from (?:partially initialized module )?'([\w.]{1,200})'/.exec(text) ?? [];
  if (from !== "") return other(`it wants ${name} of the Python module ${from}, whose version here has none`);
  const missing = missingModule(text);
  if (missing !== undefined) return missing;
  const [first = ""] = text.split("\n");
  return OF_VERSIONS.test(text) && !OF_PLACE.test(text) ? other(`it says "${first.slice(0, 200)}"`) : undefined;
}

function missingModule(text: string): WhyNot | undefined {
  const name = /No module named '([\w.]{1,200})'/.exec(text)?.[1];
  return name === undefined ? undefined : { kind: "python_module", name };
}

/** What Node ends with when nobody caught an error. */
function ofNode(words: string): WhyNot | undefined {
  if (!/^Node\.js v\d/m.test(words)) return undefined;
  const name = /Cannot find (?:module|package) '([^'\n]{1,300})'/.exec(words)?.[1];
  if (name !== undefined && words.includes("MODULE_NOT_FOUND")) return { kind: "node_module", name };
  if (!words.includes("ERR_DLOPEN_FAILED")) return undefined;
  const library = /Error: ([^\s:]{1,200}\.so[^\s:]{0,60}): cannot open shared object file/.exec(words)?.[1];
  if (library !== undefined) return { kind: "library", name: library };
  const symbol = /undefined symbol: (\S{1,200})/.exec(words)?.[1];
  if (symbol !== undefined) return undefinedSymbol(symbol);
  return words.includes("NODE_MODULE_VERSION") ? other("its native part is made for another version of Node") : undefined;
}

const undefinedSymbol = (symbol: string) => other(`a library that it uses is of another version (undefined symbol ${symbol})`);
const noVersion = (version: string) => other(`it is made for a newer system, which has ${version}`);

function other(reason: string): WhyNot {
  return { kind: "other", reason };
}

function isOption(word: string): boolean {
  return word.startsWith("-");
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

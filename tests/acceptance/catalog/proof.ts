/** A pattern that what was said or shown must have. */
type Shown = RegExp;

interface Common {
  /** What the persona sets for it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Shell lines in its workspace, one after the other, before it is launched. */
  readonly prepares?: readonly string[];
  /** Shell lines that do what it is for, after it was launched, and what each says; the settings are seen in that. */
  readonly does?: readonly (readonly [line: string, says: Shown])[];
}

/** Its screen is read, and keys are typed. */
export interface TerminalProof extends Common {
  readonly kind: "terminal";
  readonly arguments?: readonly string[];
  /** What the screen shows, one after the other, and what is then typed. */
  readonly screen: readonly (readonly [shows: Shown, types?: string])[];
  /** What is typed at last, upon which it ends by itself; else it is ended. */
  readonly leaves?: string;
}

/** It runs once; what it says is read. */
export interface CommandProof extends Common {
  readonly kind: "command";
  readonly arguments: readonly string[];
  readonly says: Shown;
}

/** Its pages are asked for, as a browser does that was given the link. */
export interface WebProof extends Common {
  readonly kind: "web";
  readonly answers: readonly (readonly [path: string, says: Shown])[];
}

/** Its window is typed in; what became of it is seen in `does`, each line of which may need some time to come true. */
export interface DesktopProof extends Common {
  readonly kind: "desktop";
  readonly arguments?: readonly string[];
  /** One after the other, each when the window stands still; "<ctrl+s>" is pressed together. */
  readonly keys: readonly string[];
}

/** What shows that an application of the catalog works: it is launched, does one thing that it is for, and has its settings. */
export type Proof = TerminalProof | CommandProof | WebProof | DesktopProof;

/** Applications that one persona has together: one image for several proofs. */
export interface Profession {
  readonly persona: string;
  /** What the proofs need beside the applications. */
  readonly packages?: readonly string[];
  readonly files?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly applications: Readonly<Record<string, Proof>>;
}

const LAUNCH = /(?:^|\0)GUISE_APP=([a-z0-9][a-z0-9-]{0,63})(?:\0|$)/;

interface Asked {
  /** When the process that began the session was born, where it was still there: its number may come again. */
  readonly born: string | undefined;
  readonly launch: string | undefined;
  readonly certain: boolean;
}

/** What must be known of a process to tell where it belongs. */
interface Seen {
  /** Number of the process that began it. */
  readonly session: string;
  readonly born: string;
}

/**
 * Which launch the processes of a sandbox belong to. Every launch begins a session, and what it starts stays there or begins others with the
 * same variables: so that one process of each session is asked for its variables, and no other. For those the kernel waits until the process
 * lets its memory go, which one that forks without end hardly does: a bomb of five hundred in one session is asked once or twice.
 */
export class SessionLaunches {
  readonly #variablesOf: (number: string) => string;
  #sessions = new Map<string, Asked>();

  /** `variablesOf`: the text of `/proc/PID/environ`. */
  constructor(variablesOf: (number: string) => string) {
    this.#variablesOf = variablesOf;
  }

  /** Launches by the numbers of the processes that belong to one. Of sessions that have ended nothing is remembered. */
  look(processes: ReadonlyMap<string, Seen>): ReadonlyMap<string, string> {
    const sessions = new Map<string, Asked>();
    const launches = new Map<string, string>();
    for (const [number, { session }] of processes) {
      const asked = sessions.get(session) ?? this.#ask(session, number, processes.get(session)?.born);
      sessions.set(session, asked);
      if (asked.launch !== undefined) launches.set(number, asked.launch);
    }
    this.#sessions = sessions;
    return launches;
  }

  /** Once; where none is named twice, since the process may have been about to become the launch's program. */
  #ask(session: string, number: string, born: string | undefined): Asked {
    const known = this.#sessions.get(session);
    const before = known?.born === undefined || born === undefined || known.born === born ? known : undefined;
    if (before?.certain === true) return before;
    const launch = LAUNCH.exec(this.#variablesOf(born === undefined ? number : session))?.[1];
    return { born, launch, certain: launch !== undefined || before !== undefined };
  }
}

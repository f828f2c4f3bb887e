/** What follows from how an application is launched. */
export interface ApplicationKindFacts {
  /** What it is, for people: completes "It is …". */
  readonly title: string;
  /**
   * How it goes on inside when nobody looks: in a terminal of its own, as a server, or on a display of its own. It is then found again after a restart, and opened
   * again after a pause. Undefined: it runs once, in the foreground of whoever joins it.
   */
  readonly runsAs: "terminal" | "server" | "display" | undefined;
  /** What somebody joins a launch by. */
  readonly joinedBy: "terminal" | "connection" | "foreground" | "screen";
  /** There is one of it in a workspace: launching it again gives the one that runs. */
  readonly isSingle: boolean;
}

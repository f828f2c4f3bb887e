/** The command line says something that cannot be meant; exit code 2. */
export class UsageError extends Error {
  readonly remedy: string;
  readonly reason: string;
  constructor(
    message: string,
    remedy: string,
    reason = "The command line cannot be carried out as it stands; nothing was asked of Guise.",
  ) {
    super(message);
    this.name = "UsageError";
    this.remedy = remedy;
    this.reason = reason;
  }
}

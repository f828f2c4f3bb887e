import { CodedError } from "#foundation";

export type SourceFault =
  /** Nobody answers there, or not in time. */
  | "unreachable"
  /** It does not take the name and password that it is given. */
  | "login_refused"
  /** Without TLS, or with a certificate of another name, of another authority, or out of its time. */
  | "not_verified"
  /** The role that makes roles could do what nobody may do in Guise's name. */
  | "too_powerful"
  /** A group role, or everybody, has rights that must not be lent. */
  | "lends_too_much"
  | "role_missing"
  /** The database lets the role that makes roles not do it, or it is nothing that Guise may touch. */
  | "not_permitted"
  | "failed";

/** The message names the place and the reason; neither it nor the remedy holds a password. */
export class SourceAccessError extends CodedError<SourceFault> {
  readonly remedy: string;

  constructor(code: SourceFault, message: string, remedy: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(code, message, { detail });
    this.remedy = remedy;
  }
}

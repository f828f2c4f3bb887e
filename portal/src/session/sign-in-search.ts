import { SIGN_IN_FAILURES, type SignInFailure } from "@guise/contract";

/** What stands behind `?` at the sign-in page. */
export interface SignInSearch {
  /** Where the person wanted to go. */
  readonly page?: string;
  /** Why the identity provider's answer signed nobody in. */
  readonly failed?: SignInFailure;
}

/** A page of this portal, and no other host. */
const PAGE = /^\/(?![/\\])[\w/.~?&=%-]{0,499}$/;

/** Of what a link brings, what is known. */
export function signInSearch({ page, failed }: Readonly<Record<string, unknown>>): SignInSearch {
  const wanted = typeof page === "string" && PAGE.test(page) && !page.startsWith("/sign-in") ? { page } : {};
  const isKnown = typeof failed === "string" && Object.hasOwn(SIGN_IN_FAILURES, failed);
  return { ...wanted, ...(isKnown ? { failed: failed as SignInFailure } : {}) };
}

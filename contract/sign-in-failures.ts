/** Why a browser that came back from the identity provider is not signed in: `/sign-in?failed=…`, and what its person is told. */
export const SIGN_IN_FAILURES = {
  cancelled: "The identity provider did not sign you in.",
  unfit: "The sign-in was begun too long ago, or in another window.",
  unavailable: "The identity provider does not answer as it should.",
  not_permitted: "The identity provider knows you, but what it says of you gives you no role here.",
} as const;
export type SignInFailure = keyof typeof SIGN_IN_FAILURES;

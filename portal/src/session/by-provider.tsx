import { SIGN_IN_FAILURES, type SignInFailure } from "@guise/contract";
import { Alert, Button, Divider } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { visibleText } from "../kit/visible-text.ts";
import type { Provider } from "./browser-session.ts";

interface ByProviderProps {
  readonly provider: Provider;
  /** Where to go then. */
  readonly page: string | undefined;
}

/** Leads to the identity provider's own page, which leads back. */
export function ByProvider({ provider, page }: ByProviderProps) {
  const query = page === undefined ? "" : `?${new URLSearchParams({ page })}`;
  return (
    <>
      <Button component="a" href={`${provider.path}${query}`} size="md" autoFocus>
        Sign in with {visibleText(provider.name)}
      </Button>
      <Divider label="or by a link or code" />
    </>
  );
}

/** What to do about it. */
const REMEDIES: Readonly<Record<SignInFailure, string>> = {
  cancelled: "Sign in again, or ask whoever runs the provider whether you may use Guise.",
  unfit: "Sign in again, in this window.",
  unavailable: "Try again in a minute; if it stays, tell whoever runs Guise. The log says what the provider answered.",
  not_permitted: "Ask whoever runs Guise for a role. The log says what is missing.",
};

export function SignInFailed({ failed }: { readonly failed: SignInFailure }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title="Nobody was signed in" role="alert">
      {SIGN_IN_FAILURES[failed]} {REMEDIES[failed]}
    </Alert>
  );
}

import type { ParameterValue } from "@guise/contract";
import { type Fault, fault } from "#applications";
import { type Reference, referenceText, textsIn, writtenIn } from "./references.ts";

/** Who asks for a persona, as far as its values may say it. */
export interface Person {
  readonly account: string;
  /** Without it, the account. */
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** Undefined for what is not of a person, or not known of this one. */
export function personValue({ kind, name }: Reference, person: Person): ParameterValue | undefined {
  if (kind === "account") return person.account;
  if (kind !== "person") return undefined;
  return name === "email" ? person.email : (person.name ?? person.account);
}

/** Where a value needs what is not known of the person: it is never left empty, nor as it is written. */
export function unknownOfPerson(configuration: unknown, person: Person): Fault[] {
  return [...textsIn(configuration)].flatMap(({ at, text }) =>
    writtenIn(text).flatMap(({ reference }): Fault[] => {
      if (reference?.kind !== "person" || personValue(reference, person) !== undefined) return [];
      return [fault(["application_configuration", ...at], "missing", `needs ${referenceText(reference)}, ${NO_EMAIL}`)];
    }),
  );
}

const NO_EMAIL =
  "and no e-mail address is known of you: an operator can note one with your account, or the identity provider put the claim email into its tokens";

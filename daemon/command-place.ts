import { join } from "node:path";

/** What is known when Guise has started and makes its command. */
export interface CommandFacts {
  /** The checkout, whose `./guise` is one for all installations that start from it. */
  readonly root: string;
  /** The state folder of this installation. */
  readonly home: string;
  readonly address: string;
  /** The installation that `./guise` reaches; undefined: there is none, or it does not say. */
  readonly commandOf: string | undefined;
  readonly ownerRuns: boolean;
  /** Where credentials were asked to be, by GUISE_CREDENTIALS. */
  readonly givenCredentials: string | undefined;
  readonly usualCredentials: string;
  /** Whose sign-in the usual place holds; undefined: nobody's. */
  readonly kept: { readonly broker: string; readonly home?: string | undefined; readonly installation?: string | undefined } | undefined;
}

export interface CommandPlace {
  /** As people type it, in the checkout. */
  readonly command: string;
  /** Whether `./guise` of the checkout becomes this installation's. */
  readonly takesCheckout: boolean;
  readonly credentials: string;
  /** What people would else find out by surprise. */
  readonly notes: readonly string[];
}

/**
 * `./guise` stays with the installation that has it while that runs; another one is reached by the command in its own state folder,
 * which every installation has. A sign-in at the usual place that is for something else is not written over either.
 */
export function placeOfCommand(facts: CommandFacts): CommandPlace {
  const { root, home, commandOf, ownerRuns } = facts;
  const own = join(home, "guise");
  const isOthers = commandOf !== undefined && commandOf !== home;
  const takesCheckout = !(isOthers && ownerRuns);
  const isFree = takesCheckout && isOwnSignIn(facts);
  const credentials = facts.givenCredentials ?? (isFree ? facts.usualCredentials : join(home, "credentials.json"));
  const notes: string[] = [];
  if (!takesCheckout) notes.push(`./guise stays with the Guise on ${commandOf}, which runs; the one on ${home} is reached by ${own}`);
  else if (isOthers)
    notes.push(
      `./guise was of the Guise on ${commandOf}, which does not run, and is of the one on ${home} now; that one: ${join(commandOf, "guise")}`,
    );
  else if (facts.givenCredentials === undefined && !isFree && facts.kept !== undefined)
    notes.push(`the sign-in for ${facts.kept.broker} in ${facts.usualCredentials} stays; ${join(root, "guise")} has one of its own`);
  return { command: takesCheckout ? "./guise" : own, takesCheckout, credentials, notes };
}

/** Of before homes were written down: one of this checkout is taken for ours. */
function isOwnSignIn({ kept, home, root, address }: CommandFacts): boolean {
  if (kept === undefined || kept.broker === address || kept.home === home) return true;
  return kept.home === undefined && kept.installation === root;
}

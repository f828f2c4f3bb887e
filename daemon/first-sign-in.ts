import { userInfo } from "node:os";
import { PersonaAgent } from "@guise/agent";
import { readCredentials, writeCredentials } from "@guise/agent/credentials";
import { ROLES } from "@guise/contract";
import { createSignIns } from "#access";
import { type Clock, codeOf } from "#foundation";
import type { Repository } from "#repository";
import type { Daemon } from "./daemon.ts";

/** The groups of the sample personas: who owns which. */
export const SAMPLE_GROUPS: Readonly<Record<string, string>> = {
  "data-analyst": "analytics",
  "code-reviewer": "engineering",
  "marketing-report-creator": "marketing",
  "log-investigator": "operations",
};

/**
 * An account for the operating-system user who starts Guise first: all roles, all sample groups.
 * A group that a newer Guise brings a sample for is made when it is first met, and that account is put into it.
 */
export async function ensureFirstAccount(repository: Repository, clock: Clock): Promise<string> {
  const entry = (action: string, target: string) => ({ at: clock.now(), actor: "guise", action, target, outcome: "done" as const });
  const own = accountName(userInfo().username);
  const accounts = await repository.accounts();
  const first = accounts.find(({ account }) => account === own) ?? accounts[0];
  const groups = [...new Set(Object.values(SAMPLE_GROUPS))];
  const known = new Set((await repository.groups()).map(({ group }) => group));
  const fresh = groups.filter((group) => !known.has(group));
  for (const group of fresh) {
    await repository.createGroup(group, entry("create_group", group));
    await repository.setGroupPriority(group, "high", entry("grant_priority", group));
  }
  if (first === undefined)
    await repository.createAccount(
      { account: own, roles: [...ROLES], groups, disabled: false, createdAt: clock.now() },
      entry("create_account", own),
    );
  else if (fresh.length > 0)
    await repository.setAccount(first.account, { groups: [...first.groups, ...fresh] }, entry("change_account", first.account));
  return first?.account ?? own;
}

/** Account names are [a-z0-9-]; operating systems allow more. */
export function accountName(user: string): string {
  const words = user.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words.join("-").slice(0, 63).replace(/-$/, "");
  return name === "" ? "owner" : name;
}

/** Signs the user in for the command: keeps a sign-in that still works, else makes a new one. Gives the agent. */
export async function signIn(options: {
  daemon: Daemon;
  account: string;
  credentialsPath: string;
  root: string;
  home: string;
  clock: Clock;
}): Promise<PersonaAgent> {
  const { daemon, account, credentialsPath, root, home, clock } = options;
  try {
    const kept = await readCredentials(credentialsPath);
    if (kept.broker === daemon.address) return await PersonaAgent.connect({ broker: daemon.address, token: { sign_in: kept.sign_in } });
  } catch (error) {
    if (codeOf(error) !== "not_authenticated") throw error;
  }
  const signIns = createSignIns({ store: daemon.repository, issuer: daemon.issuer, clock });
  const code = await signIns.issueCode(account);
  const sign_in = await PersonaAgent.signIn({ broker: daemon.address, code });
  await writeCredentials(credentialsPath, { broker: daemon.address, sign_in, installation: root, home });
  return PersonaAgent.connect({ broker: daemon.address, token: { sign_in } });
}

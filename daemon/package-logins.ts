import type { SourceLogin } from "@guise/contract";
import { openLogin, type Sealing } from "#access";
import { type LoginsOf, ProvisioningError } from "#provisioning";
import type { Repository } from "#repository";

/** What opens package sources, read when something is built and kept nowhere. */
export function packageLogins(repository: Pick<Repository, "packageSources">, sealing: Sealing): LoginsOf {
  return async (sources) => {
    const rows = (await repository.packageSources()).filter(({ source }) => sources.includes(source));
    const logins = new Map<string, SourceLogin>();
    for (const { source, login: sealed } of rows) {
      if (sealed === undefined) continue;
      const login = await openLogin(sealing, source, sealed);
      if (login === undefined) throw unread(source);
      logins.set(source, login);
    }
    return logins;
  };
}

function unread(source: string): ProvisioningError {
  const message = `what opens the package source ${source} cannot be read with this installation's key; an operator gives it anew: guise admin packages source set ${source}`;
  return new ProvisioningError("mirror_unreachable", message);
}

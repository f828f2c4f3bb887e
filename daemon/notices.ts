import { nameOfPrincipal } from "#access";
import { mail, Notices, signingKey, type Tell, webhook } from "#notices";
import { readAuthorities } from "./authorities.ts";
import { originOf } from "./configuration.ts";
import type { Ground } from "./ground.ts";
import { localIssuerOf } from "./identity.ts";
import { secretOf, wrongSetting } from "./secret-setting.ts";

/** Undefined where the installation says no way by which people could be told. Rejects `ConfigurationError`. */
export async function openNotices(ground: Ground): Promise<Notices | undefined> {
  const { repository, clock, log } = ground;
  const ways = { ...(await webhookOf(ground)), ...(await mailOf(ground)) };
  return Object.keys(ways).length === 0 ? undefined : new Notices({ repository, clock, log, ways, share: Math.random });
}

async function webhookOf(ground: Ground): Promise<{ readonly webhook?: Tell }> {
  const { configuration, clock } = ground;
  const { webhook: url, webhook_private: mayBePrivate } = configuration;
  if (url === "") return {};
  const isPrivate = mayBePrivate === "yes";
  if (!isPrivate && new URL(url).protocol === "http:")
    throw wrongSetting(
      "webhook",
      "begins with http: what is told there could be read on the way. Take https, or set webhook_private to yes",
    );
  const key = signingKey(await secretOf(ground.configuration, "webhook_secret"));
  if (typeof key === "string") throw wrongSetting("webhook_secret", `${key}; make one by: echo whsec_$(openssl rand -base64 32)`);
  const common = { clock, ...(await placesOf(ground)), nameOf: nameIn(ground) };
  return { webhook: webhook({ url, key, isPrivate, ...common }) };
}

async function mailOf(ground: Ground): Promise<{ readonly mail?: Tell }> {
  const { configuration, repository } = ground;
  const { mail_server: server, mail_from: from } = configuration;
  if (server === "") return {};
  if (from === "") throw wrongSetting("mail_from", "is empty, and mail_server is not: give the address that mail comes from");
  const password = await secretOf(ground.configuration, "mail_password");
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(new URL(server).hostname);
  const nameOf = nameIn(ground);
  const addressOf = async (principal: string) =>
    (await repository.account(nameOf(principal)))?.email ?? (await repository.address(principal));
  return { mail: mail({ server, password, from, isHere, addressOf, ...(await placesOf(ground)) }) };
}

async function placesOf({ configuration }: Ground) {
  return { origin: originOf(configuration), authorities: await readAuthorities(configuration.authorities) };
}

function nameIn({ installation }: Ground) {
  const issuer = localIssuerOf(installation);
  return (principal: string) => nameOfPrincipal(principal, issuer);
}

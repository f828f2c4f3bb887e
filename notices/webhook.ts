import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP } from "node:net";
import { rootCertificates } from "node:tls";
import type { WebhookBody } from "@guise/contract";
import type { Clock } from "#foundation";
import type { NoticeRow } from "#repository";
import { ordinaryLookup, specialAddress } from "./reachable.ts";
import { signatureOf } from "./signature.ts";
import { type Tell, TellingError } from "./telling.ts";

export interface WebhookOptions {
  readonly url: string;
  readonly key: Uint8Array;
  /** It may be in a private network, and reached without TLS. */
  readonly isPrivate: boolean;
  /** Certificates (PEM) of authorities beside the usual ones. */
  readonly authorities: readonly string[];
  readonly clock: Clock;
  /** What the portal's addresses begin with. */
  readonly origin: string;
  /** How a principal is called. */
  readonly nameOf: (principal: string) => string;
  /** Ms for one try; 15 s. */
  readonly within?: number;
}

const WITHIN = 15_000;
const GONE = 410;

/** Posts what is told, signed as https://www.standardwebhooks.com says. Taken is what is answered by 2xx; a redirect is followed nowhere. */
export function webhook({ url, key, isPrivate, authorities, clock, origin, nameOf, within = WITHIN }: WebhookOptions): Tell {
  const target = new URL(url);
  const secure = target.protocol === "https:" && authorities.length > 0 ? { ca: [...rootCertificates, ...authorities] } : {};
  return async (row, signal) => {
    const id = `${row.id}.${row.way}`;
    const body = JSON.stringify(bodyOf(row, origin, nameOf(row.owner)));
    const timestamp = Math.floor(clock.now() / 1000);
    const headers = {
      ...{ "content-type": "application/json", "content-length": Buffer.byteLength(body), "user-agent": "Guise" },
      ...{ "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatureOf(key, { id, timestamp, body }) },
    };
    const late = new AbortController();
    const timer = clock.after(within, () => late.abort(new Error(`no answer within ${within / 1000} s`)));
    const options = { method: "POST", headers, agent: false, ...secure, signal: AbortSignal.any([signal, late.signal]) };
    try {
      if (!isPrivate) mustBeOrdinary(target);
      judge(await posted(target, isPrivate ? options : { ...options, lookup: ordinaryLookup }, body));
    } catch (error) {
      if (error instanceof TellingError) throw error;
      throw new TellingError("not_now", reasonOf(late.signal.aborted ? late.signal.reason : error), { cause: error });
    } finally {
      timer.cancel();
    }
  };
}

/** A host that is an address is looked up by nobody. */
function mustBeOrdinary({ hostname }: URL): void {
  const address = hostname.replace(/^\[|\]$/g, "");
  const what = isIP(address) === 0 ? undefined : specialAddress(address);
  if (what !== undefined) throw new Error(`${address} is an address that is ${what}`);
}

/** The status. Nothing of the answer's body is read. */
function posted(url: URL, options: Parameters<typeof requestSecure>[1] & object, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestSecure : requestPlain;
    const request = send(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on("error", reject);
    request.end(body);
  });
}

function judge(status: number): void {
  if (status >= 200 && status < 300) return;
  throw new TellingError(status === GONE ? "gone" : "not_now", `it answered ${status}`);
}

function bodyOf({ notice, at }: NoticeRow, origin: string, owner: string): WebhookBody {
  const { kind, workspace, persona, personaName, environment, name, title, message } = notice;
  return {
    type: `workspace.${kind}`,
    timestamp: new Date(at).toISOString(),
    data: {
      ...{ workspace_id: workspace, persona_id: persona, persona_name: personaName, environment, name, owner, title, message },
      link: `${origin}/workspaces/${workspace}`,
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

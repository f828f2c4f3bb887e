import { rootCertificates } from "node:tls";
import { createTransport } from "nodemailer";
import { type Tell, TellingError } from "./telling.ts";

export interface MailOptions {
  /** `smtps://USER@HOST:465`, or `smtp://USER@HOST:587`, whose connection becomes TLS before anything is said in it. */
  readonly server: string;
  readonly password: string;
  readonly from: string;
  /** It is on this machine, where nobody is on the way: TLS only if it offers it. */
  readonly isHere: boolean;
  readonly authorities: readonly string[];
  readonly origin: string;
  /** Where a person gets mail; undefined: nowhere. */
  readonly addressOf: (principal: string) => Promise<string | undefined>;
  /** Ms for each step; 15 s. */
  readonly within?: number;
}

const WITHIN = 15_000;

/** Sends text, and nothing else. Who has no address is told by no mail. */
export function mail({ server, password, from, isHere, authorities, origin, addressOf, within = WITHIN }: MailOptions): Tell {
  const { protocol, hostname, port, username } = new URL(server);
  const secure = protocol === "smtps:";
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !isHere,
    connectionTimeout: within,
    greetingTimeout: within,
    socketTimeout: within,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: password } }),
    ...(authorities.length === 0 ? {} : { tls: { ca: [...rootCertificates, ...authorities] } }),
  });
  return async ({ id, owner, notice }) => {
    const address = await addressOf(owner);
    if (address === undefined) return;
    const { title, message, workspace } = notice;
    const link = `${origin}/workspaces/${workspace}`;
    const text = `${message}\n\n${link}\n\nWhich of these you get, you choose under Preferences: ${origin}/preferences\n`;
    try {
      // Auto-Submitted: RFC 3834, so that no machine answers. The id lets a mailbox see what it has already.
      const headers = { "Auto-Submitted": "auto-generated" };
      await transport.sendMail({ from, to: { name: "", address }, subject: title, text, headers, messageId: `<${id}@guise.invalid>` });
    } catch (error) {
      throw asTelling(error);
    }
  };
}

/** What is wrong with this mail (5xx to its sender, recipient or content) stays wrong; all else may pass. */
function asTelling(error: unknown): TellingError {
  const {
    responseCode = 0,
    command = "",
    message = String(error),
  } = error as { responseCode?: number; command?: string; message?: string };
  const isOfThis = responseCode >= 500 && /^(MAIL FROM|RCPT TO|DATA)$/.test(command);
  return new TellingError(isOfThis ? "never" : "not_now", message, { cause: error });
}

export { type MailOptions, mail } from "./mail.ts";
export { MOST_PENDING, Notices, type NoticesOptions } from "./notices.ts";
export { signingKey } from "./signature.ts";
export { type Tell, TellingError } from "./telling.ts";
export { type WebhookOptions, webhook } from "./webhook.ts";

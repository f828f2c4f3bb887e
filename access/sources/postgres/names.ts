import { escapeIdentifier } from "pg";
import { SourceAccessError } from "../source-access-error.ts";

/** PostgreSQL cuts longer names off (NAMEDATALEN - 1 bytes), and would then mean another role. */
const LONGEST = 63;
const ROLE = /^[a-z0-9_]{1,63}$/;
/** Words that SQL has for no role in particular, and the names that PostgreSQL keeps for roles of its own. */
const KEPT = /^(?:public|none|pg_.*)$/;
const PASSWORD = /^[\x20-\x7e]+$/;

/** Of a role that Guise makes and takes away, quoted. Throws SourceAccessError `failed`. */
export function ownRole(name: string): string {
  if (!isRolePrefix(name) || KEPT.test(name))
    throw new SourceAccessError(
      "failed",
      `${JSON.stringify(name.slice(0, LONGEST + 1))} can be no role of a workspace`,
      "take a name of a-z, 0-9 and _, at most 63, that does not begin with pg_",
    );
  return escapeIdentifier(name);
}

export function isRolePrefix(text: string): boolean {
  return ROLE.test(text);
}

export function isGroupName(name: string): boolean {
  return name !== "" && !name.includes("\0") && Buffer.byteLength(name) <= LONGEST;
}

/** Of a role that an administrator made, by any name that PostgreSQL allows, quoted. Throws SourceAccessError `role_missing`. */
export function groupRole(name: string): string {
  if (!isGroupName(name))
    throw new SourceAccessError(
      "role_missing",
      `${JSON.stringify(name.slice(0, LONGEST + 1))} can be the name of no role`,
      "name a group role of at most 63 bytes",
    );
  return escapeIdentifier(name);
}

/** What SASLprep (RFC 4013) leaves as it is. Throws SourceAccessError `failed`. */
export function plainPassword(password: string): string {
  if (!PASSWORD.test(password))
    throw new SourceAccessError("failed", "the password of a role has characters beside printable ASCII, or none", "make another password");
  return password;
}

/** As SQL writes a moment. Throws SourceAccessError `failed`. */
export function moment(ms: number): string {
  const date = new Date(ms);
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  if (!/^\d{4}-/.test(text))
    throw new SourceAccessError("failed", `${ms} is no time that a role can end at`, "give milliseconds since 1970");
  return `'${text}'`;
}

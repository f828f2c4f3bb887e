import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** What PostgreSQL itself takes by default; more would be asked of the driver of every workspace at each connection. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const derive = promisify(pbkdf2);

/**
 * What PostgreSQL keeps of a password (RFC 5802 and 7677), so that the password itself is never sent to it: neither its log nor its
 * statistics can hold it. The password must be ASCII, which SASLprep leaves as it is.
 */
export async function scramVerifier(password: string, salt: Buffer = randomBytes(SALT_BYTES)): Promise<string> {
  const salted = await derive(password, salt, ITERATIONS, 32, "sha256");
  const key = (purpose: string) => createHmac("sha256", salted).update(purpose).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${stored}:${key("Server Key").toString("base64")}`;
}

import { randomBytes } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";
import { createKeyFile, ensureKeyFolder, KeyFolderError, readKeyFile } from "./key-folder.ts";

/** Keeps what opens something else out of sight of whoever reads the database: the key lies outside it. */
export interface Sealing {
  /** What `text` is for belongs to it: nothing else opens it. */
  seal(text: string, purpose: string): Promise<string>;
  /** Undefined where another key sealed it, or for another purpose. */
  open(sealed: string, purpose: string): Promise<string | undefined>;
}

const FILE = "sealing.key";
const KEY_BYTES = 32;

/** Opens or makes the key. Rejects with KeyFolderError when folder (0700) or file (0600) are open to others. */
export async function openSealing(folder: string): Promise<Sealing> {
  await ensureKeyFolder(folder);
  let key: Promise<Uint8Array> | undefined;
  // Made when something is sealed for the first time: most installations seal nothing.
  const sealing = (): Promise<Uint8Array> => {
    key ??= keyIn(folder);
    key.catch(() => {
      key = undefined;
    });
    return key;
  };
  return {
    async seal(text, purpose) {
      const encrypt = new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ alg: "dir", enc: "A256GCM", purpose });
      return encrypt.encrypt(await sealing());
    },
    async open(sealed, purpose) {
      const own = await sealing();
      const options = { keyManagementAlgorithms: ["dir"], contentEncryptionAlgorithms: ["A256GCM"] };
      const opened = await compactDecrypt(sealed, own, options).catch(() => undefined);
      return opened?.protectedHeader.purpose === purpose ? new TextDecoder().decode(opened.plaintext) : undefined;
    },
  };
}

async function keyIn(folder: string): Promise<Uint8Array> {
  let text = await readKeyFile(folder, FILE);
  if (text === undefined) {
    await createKeyFile(folder, FILE, randomBytes(KEY_BYTES).toString("base64"));
    text = await readKeyFile(folder, FILE);
  }
  const key = Buffer.from(text ?? "", "base64");
  if (key.length !== KEY_BYTES) {
    throw new KeyFolderError(
      "key_file_damaged",
      `${folder}/${FILE} is not a key: restore it, or remove it and give anew what was sealed with it`,
    );
  }
  return new Uint8Array(key);
}

import ssh2 from "ssh2";

export interface KeyPair {
  /** OpenSSH private key file. Secret. */
  readonly private: string;
  /** One line of an authorized_keys file. */
  readonly public: string;
}

/** The two pairs of one sandbox, kept by the control plane alone: the server's own, pinned; and the one that may sign in. */
export interface ChannelKeys {
  readonly host: KeyPair;
  readonly client: KeyPair;
}

export function generateChannelKeys(): ChannelKeys {
  return { host: generatePair(), client: generatePair() };
}

/** ssh2 1.17 loses a zero byte of the key once in 256 pairs, and such a pair does not parse: it is made again. */
function generatePair(): KeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    const parses = [pair.private, pair.public].every((key) => !(ssh2.utils.parseKey(key) instanceof Error));
    if (parses) return { private: pair.private, public: pair.public };
  }
}

/**
 * What `/usr/lib/guise/ssh` reads before SSH begins: the line of the key that may sign in, the server's private key file, and the
 * personal layer after the number of its bytes. Every channel delivers them: inside they are kept nowhere.
 */
export function firstWords(keys: ChannelKeys, layer: Uint8Array = new Uint8Array()): Buffer {
  return Buffer.concat([Buffer.from(`${keys.client.public.trim()}\n${keys.host.private.trim()}\n${layer.length}\n`), layer]);
}

/** The server's public key as it appears in the key exchange. */
export function pinnedHostKey(keys: ChannelKeys): Buffer {
  const parsed = ssh2.utils.parseKey(keys.host.public);
  if (parsed instanceof Error) throw parsed;
  return parsed.getPublicSSH();
}

import { createHash } from "node:crypto";
import type { InsideFile } from "../base/base-plan.ts";

export interface Closing {
  /** The files of `provisioning/inside`. */
  readonly inside: readonly InsideFile[];
  /** PEM certificates, one each, that everything inside trusts beside the distribution's. */
  readonly authorities: readonly string[];
}

/**
 * The last layer. It brings the files that run in a main container, so that a change of them rebuilds this layer alone; and
 * passwd and group go to /usr/lib/guise and become links into tmpfs, where the main container writes them anew with its own
 * uid. A login shell forgets its PATH for the distribution's own, and is told again. Packages' scripts need the real files, so nothing is installed after this. An image that was closed before only gets the files.
 */
export function closeScript({ inside, authorities }: Closing): string {
  return `umask 022
mkdir -p /usr/lib/guise /home/user
cd /usr/lib/guise
${inside
  .filter(({ root }) => root === "main")
  .map(carry)
  .join("")}for list in passwd group; do
  [[ -L /etc/$list ]] && continue
  cp --remove-destination /etc/$list $list
  ln -sfn /run/identity/$list /etc/$list
done
echo '. /usr/lib/guise/environment' > /etc/profile.d/guise.sh
shopt -s nullglob
earlier=(/usr/local/share/ca-certificates/guise-*.crt)
rm -f "${"$"}{earlier[@]}"
${authorities.map(trust).join("")}if ((${"$"}{#earlier[@]} + ${authorities.length} > 0)); then update-ca-certificates --fresh >/dev/null 2>&1; fi
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
`;
}

/** Of all that the closing does: an image with another one is closed again. */
export function closingDigest(closing: Closing): string {
  return createHash("sha256").update(closeScript(closing)).digest("hex").slice(0, 32);
}

/** The distribution's own tool makes one bundle of all, and hooks bring it to Java. */
function trust(pem: string, index: number): string {
  return `base64 -d > /usr/local/share/ca-certificates/guise-${index + 1}.crt <<'GUISE'\n${Buffer.from(pem).toString("base64")}\nGUISE\n`;
}

function carry({ name, content }: InsideFile): string {
  if (!/^[a-z0-9_.-]+$/i.test(name)) throw new TypeError(`a file of Guise with a name that is no word: ${name}`);
  const mode = content.startsWith("#!") ? "755" : "644";
  return `rm -f ${name}\nbase64 -d > ${name} <<'GUISE'\n${Buffer.from(content).toString("base64")}\nGUISE\nchmod ${mode} ${name}\n`;
}

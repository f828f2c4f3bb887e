import { createHash } from "node:crypto";
import type { InsideFile } from "../base/base-plan.ts";

/**
 * The last layer. It brings the files that run in a main container, so that a change of them rebuilds this layer alone; and
 * passwd and group go to /usr/lib/guise and become links into tmpfs, where the main container writes them anew with its own
 * uid. A login shell forgets its PATH for the distribution's own, and is told again. Packages' scripts need the real files, so nothing is installed after this. An image that was closed before only gets the files.
 */
export function closeScript(inside: readonly InsideFile[]): string {
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
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
`;
}

/** Of all that the closing does: an image with another one is closed again. */
export function closingDigest(inside: readonly InsideFile[]): string {
  return createHash("sha256").update(closeScript(inside)).digest("hex").slice(0, 32);
}

function carry({ name, content }: InsideFile): string {
  if (!/^[a-z0-9_.-]+$/i.test(name)) throw new TypeError(`a file of Guise with a name that is no word: ${name}`);
  const mode = content.startsWith("#!") ? "755" : "644";
  return `rm -f ${name}\nbase64 -d > ${name} <<'GUISE'\n${Buffer.from(content).toString("base64")}\nGUISE\nchmod ${mode} ${name}\n`;
}

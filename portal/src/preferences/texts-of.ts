import { MAXIMUM_PREFERRED_BYTES, type Preferences, preferredFileReason } from "@guise/contract";

interface Texts {
  readonly texts: NonNullable<Preferences["files"]>;
  /** A sentence for each that was not taken. */
  readonly refused: readonly string[];
}

/** Files that were chosen on this computer, each directly below the home. */
export async function textsOf(files: readonly Pick<File, "name" | "size" | "arrayBuffer">[]): Promise<Texts> {
  const texts: [string, { content: string }][] = [];
  const refused: string[] = [];
  for (const file of files) {
    const content = file.size > MAXIMUM_PREFERRED_BYTES ? undefined : decoded(await file.arrayBuffer());
    const path = `~/${file.name}`;
    const reason = content === undefined ? "is no text in UTF-8, or too large" : preferredFileReason(path, content);
    if (content !== undefined && reason === undefined) texts.push([path, { content }]);
    else refused.push(`${file.name} ${reason}.`);
  }
  return { texts: Object.fromEntries(texts), refused };
}

function decoded(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

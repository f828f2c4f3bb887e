import { CodedError } from "#foundation";

/** A value that a file format cannot hold. */
export class FormatError extends CodedError<"not_representable"> {
  override readonly name = "FormatError";
}

export function notRepresentable(message: string): FormatError {
  return new FormatError("not_representable", message);
}

/** Text of one value on one line. Throws `FormatError` for anything that is not a scalar, or would need a second line. */
export function lineText(value: unknown, where: string): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
    throw notRepresentable(`${where} is not a text, number or boolean`);
  const text = String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) throw notRepresentable(`${where} has a line break or control character`);
  return text;
}

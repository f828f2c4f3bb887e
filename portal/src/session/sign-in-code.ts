/** What signs a browser in: the code of a link, and the page of this portal that the link leads to. */
export interface SignInCode {
  readonly code: string;
  readonly page?: string | undefined;
}

/** Codes are base64url of 256 bits. A link leads to pages of this portal alone. */
const CODE = /^[A-Za-z0-9_-]{20,200}$/;
const FRAGMENT = /^#code=([A-Za-z0-9_-]{20,200})(?:&page=(%2F[A-Za-z]+%2F[a-z0-9-]+(?:%3Ftab%3Dport-[1-9]\d{0,4})?))?$/;

/** Of an address that leads here: what stands behind its `#`. */
export function codeInFragment(fragment: string): SignInCode | undefined {
  const [, code, page] = FRAGMENT.exec(fragment) ?? [];
  return code === undefined ? undefined : { code, page: page === undefined ? undefined : decodeURIComponent(page) };
}

/** Of what a person pastes, the code or the whole link, perhaps with the blanks and quotes around it; else what is wrong with it. */
export function codeInText(text: string, origin: string): SignInCode | { readonly wrong: string } {
  const pasted = text.trim().replace(/^(["'`<])(.*)(["'`>])$/, "$2");
  if (CODE.test(pasted)) return { code: pasted };
  const link = URL.parse(pasted);
  if (link === null || !/^https?:$/.test(link.protocol))
    return codeInFragment(pasted) ?? { wrong: "This is neither a sign-in code nor a link with one." };
  if (link.origin !== origin) return { wrong: `This link is for another Guise: ${link.host}. Open it there.` };
  return codeInFragment(link.hash) ?? { wrong: "This link has no sign-in code in it, or not all of it was copied." };
}

import { z } from "zod";
import { EVERYONE, isKey, SOURCE_MANAGERS, sourceAddressReason } from "../package-sources.ts";
import { NAME_PATTERN } from "../persona.ts";

/** Room for the key rings of a distribution; one key takes 2 to 8 KiB. */
const MOST_KEY_BYTES = 256 * 1024;

const address = z
  .string()
  .max(1000)
  .refine((text) => sourceAddressReason(text) === undefined, { error: ({ input }) => sourceAddressReason(String(input)) });
const word = (pattern: RegExp, error: string) => z.string().max(200).regex(pattern, { error });
const suite = word(/^[A-Za-z0-9./][A-Za-z0-9._~/+-]*$/, "is no suite: one word, as in a deb line");
const component = word(/^[A-Za-z0-9][A-Za-z0-9._~/+-]*$/, "is no component: one word, as in a deb line");
const scope = word(/^@[a-z0-9~][a-z0-9._~-]*$/, "is no scope: @, then lower-case letters, digits, dots and hyphens");
const group = z.string().refine((text) => text === EVERYONE || NAME_PATTERN.test(text), { error: "is no name of a group" });
const printable = z
  .string()
  .max(4000)
  .regex(/^[\x21-\x7e]+$/, { error: "has a blank or a character that is not of ASCII: registries do not take such" });
/** What is shorter could not be kept out of what a build says: it stands in every second line by chance. */
const secret = printable.min(4, { error: "has less than 4 characters" });
const username = printable.regex(/^[^:]+$/, { error: "has a colon, which parts names from passwords" });

/** What opens a source: a name and a password, or a token. Nothing gives it out again. */
export const sourceLoginSchema = z.union([z.strictObject({ username, password: secret }), z.strictObject({ token: secret })]);
export type SourceLogin = z.infer<typeof sourceLoginSchema>;

export const packageSourceRequestSchema = z
  .strictObject({
    source: z.string().regex(NAME_PATTERN, { error: "may have lower-case letters, digits and inner hyphens" }),
    manager: z.enum(SOURCE_MANAGERS),
    url: address,
    groups: z.array(group).min(1).max(100),
    files: z.array(address).max(20).optional(),
    suites: z.array(suite).min(1).max(20).optional(),
    components: z.array(component).max(20).optional(),
    key: z.string().min(1).max(MOST_KEY_BYTES).optional(),
    scopes: z.array(scope).min(1).max(50).optional(),
    login: sourceLoginSchema.optional(),
  })
  .superRefine((request, context) => {
    for (const [path, message] of sourceFaults(request)) context.addIssue({ code: "custom", path: [path], message });
  });
export type PackageSourceRequest = z.infer<typeof packageSourceRequestSchema>;

/** What is named changes. `login: null`: it is open to all from now on. */
export const packageSourceChangeSchema = z.strictObject({
  groups: z.array(group).min(1).max(100).optional(),
  login: sourceLoginSchema.nullable().optional(),
  key: z.string().min(1).max(MOST_KEY_BYTES).optional(),
});
export type PackageSourceChange = z.infer<typeof packageSourceChangeSchema>;

export const packageSourceViewSchema = z.object({
  source: z.string(),
  manager: z.enum(SOURCE_MANAGERS),
  url: z.string(),
  groups: z.array(z.string()),
  files: z.array(z.string()),
  suites: z.array(z.string()),
  components: z.array(z.string()),
  scopes: z.array(z.string()),
  /** Whether something opens it; what, nobody is told. */
  has_login: z.boolean(),
});
export type PackageSourceView = z.infer<typeof packageSourceViewSchema>;

type Shape = { readonly [Name in "manager" | "url"]: string } & {
  readonly suites?: readonly string[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly key?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly login?: SourceLogin | undefined;
};

/** What does not fit together, with its member; `suites` and `key` are what makes an apt source one. */
export function sourceFaults({ manager, url, suites = [], components = [], key, scopes = [], login }: Shape): [string, string][] {
  const faults: [string, string][] = [];
  if (manager !== "apt") {
    for (const [name, given] of [
      ["suites", suites.length > 0],
      ["components", components.length > 0],
      ["key", key !== undefined],
    ] as const)
      if (given) faults.push([name, "is for apt sources alone"]);
  } else {
    if (suites.length === 0) faults.push(["suites", "an apt source has suites, as in its deb line"]);
    if (key === undefined) faults.push(["key", "an apt source has a key that its lists are signed by; unsigned ones are not taken"]);
    if (components.length === 0 && suites.some((one) => !one.endsWith("/")))
      faults.push(["components", 'a suite that does not end in "/" has components, as in its deb line']);
    if (login !== undefined && "token" in login) faults.push(["login", "apt takes a name and a password, no token"]);
  }
  if (manager !== "npm" && scopes.length > 0) faults.push(["scopes", "are for npm sources alone"]);
  if (url.startsWith("http:")) {
    if (login !== undefined) faults.push(["url", "begins with http: what opens it would be read on the way; take https"]);
    else if (manager !== "apt") faults.push(["url", "begins with http: what comes from there is signed by nobody; take https"]);
  }
  if (key !== undefined && !isKey(key))
    faults.push(["key", "is no OpenPGP key: armored (-----BEGIN PGP PUBLIC KEY BLOCK-----), or the ring's bytes in base64"]);
  return faults;
}

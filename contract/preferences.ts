import { z } from "zod";
import { emailSchema, personNameSchema } from "./api/people.ts";
import type { NoticeKind } from "./notices.ts";
import { hiddenReason, textReason } from "./text.ts";

/** What a person prefers in every persona. Nothing of it comes before what a persona's author set. */

/** Shells that a terminal may begin with; one that an image lacks gives way to bash. */
export const SHELLS = ["bash", "dash", "fish", "ksh", "mksh", "tcsh", "zsh"] as const;

export const MAXIMUM_PREFERRED_FILES = 64;
/** Of all files together. */
export const MAXIMUM_PREFERRED_BYTES = 256 * 1024;
const MAXIMUM_PATH = 200;

/** What is refused by its name: it holds what signs somebody in, or lets somebody in, or is Guise's own. */
const REFUSED_NAMES: readonly { readonly name: RegExp; readonly why: string }[] = [
  {
    name: /^\.ssh\/(?!(?:config|known_hosts)$)/,
    why: "of ~/.ssh only config and known_hosts are taken: keys, and who may sign in, belong here not",
  },
  { name: /(?:^|\/)[._]netrc$/, why: "it holds passwords" },
  { name: /^\.git-credentials$|^\.config\/git\/credentials$/, why: "it holds passwords" },
  { name: /^\.(?:pgpass|my\.cnf|mylogin\.cnf|pypirc|vault-token)$/, why: "it holds passwords" },
  {
    name: /^\.(?:aws\/credentials|docker\/config\.json|cargo\/credentials(?:\.toml)?|gem\/credentials|composer\/auth\.json)$/,
    why: "it holds what signs you in",
  },
  {
    name: /^\.config\/(?:gh\/hosts\.yml|rclone\/rclone\.conf|hub)$|^\.config\/gcloud\/|^\.azure\/|^\.kube\//,
    why: "it holds what signs you in",
  },
  { name: /^\.gnupg\/(?!(?:gpg|gpg-agent|dirmngr)\.conf$)|^\.local\/share\/keyrings\//, why: "it holds keys" },
  { name: /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$|\.(?:pem|key|p12|pfx|jks|ppk|kdbx)$/, why: "it holds a key" },
  { name: /^\.local\/state\/guise\/|^\.config\/guise\/|(?:^|\/)\.guise-/, why: "it is Guise's own" },
];

/** What is refused by what stands in it, wherever it lies. */
const REFUSED_CONTENTS: readonly { readonly text: RegExp; readonly why: string }[] = [
  { text: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File-/m, why: "has a private key in it" },
  {
    text: /:_?(?:authToken|auth|password) ?= ?[^\s$]|^_(?:authToken|auth|password) ?= ?[^\s$]|^npmAuth(?:Token|Ident): ?[^\s$]/m,
    why: "has a registry's token in it",
  },
  { text: /:\/\/[^\s/:@"']{1,100}:[^\s/:@"'$]{1,200}@/, why: "has an address with a password in it" },
  {
    text: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40}|glpat-[A-Za-z0-9_-]{20}|AKIA[A-Z0-9]{16}|xox[abprs]-[A-Za-z0-9-]{10})/,
    why: "has a token in it",
  },
];

/** Why a file is not kept among preferences; undefined: it is. What is not secret is not asked for its sense. */
export function preferredFileReason(path: string, content: string): string | undefined {
  return pathReason(path) ?? contentReason(content);
}

function pathReason(path: string): string | undefined {
  if (path.length > MAXIMUM_PATH || !path.startsWith("~/"))
    return `is no path below the home: begins with ~/, at most ${MAXIMUM_PATH} characters`;
  const hidden = hiddenReason(path);
  if (hidden !== undefined) return hidden;
  const below = path.slice(2);
  if (below.split("/").some((part) => part === "" || part === "." || part === ".."))
    return "is no plain path: no part of it is empty, . or ..";
  const why = REFUSED_NAMES.find(({ name }) => name.test(below.toLowerCase()))?.why;
  return why === undefined ? undefined : `is not kept here: ${why}`;
}

function contentReason(content: string): string | undefined {
  if (content.includes("\0") || !content.isWellFormed()) return "is no text";
  return REFUSED_CONTENTS.find(({ text }) => text.test(content))?.why;
}

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => textReason(text) === undefined, { error: ({ input }) => textReason(String(input)) });

const preferredFileSchema = z.strictObject({
  content: z.string().max(MAXIMUM_PREFERRED_BYTES),
  executable: z.boolean().optional(),
});

export const preferencesSchema = z
  .strictObject({
    editor: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,39}$/, { error: "is no program's name: one word, without a path or arguments" })
      .optional()
      .describe("EDITOR and VISUAL, where a persona sets neither and its image has the program."),
    shell: z.enum(SHELLS).optional().describe("What terminals begin with, where the image has it; bash otherwise."),
    git: z
      .strictObject({ name: personNameSchema.min(1).optional(), email: emailSchema.optional() })
      .optional()
      .describe("Who commits, where neither the persona nor the home says it."),
    language: line(35).optional().describe('A language tag, such as "de" or "pt-BR"; in place of the browser\'s.'),
    time_zone: line(64).optional().describe('Of the IANA database, such as "Europe/Berlin"; in place of the browser\'s.'),
    files: z
      .record(z.string(), preferredFileSchema)
      .optional()
      .describe(
        "Text files below the home, by path (~/.vimrc): written where nothing is. Nothing secret: keys, passwords and tokens are refused.",
      ),
    notices: z
      .strictObject({ ready: z.boolean(), stopping: z.boolean(), failed: z.boolean() } satisfies Record<NoticeKind, z.ZodType>)
      .partial()
      .optional()
      .describe("false: you are not told of it outside the page."),
  })
  .superRefine(({ files = {} }, context) => {
    const paths = Object.keys(files);
    const refuse = (path: readonly string[], message: string) => context.addIssue({ code: "custom", path: ["files", ...path], message });
    for (const [path, { content }] of Object.entries(files)) {
      const why = preferredFileReason(path, content);
      if (why !== undefined) refuse([path], why);
      const above = paths.find((other) => path.startsWith(`${other}/`));
      if (above !== undefined) refuse([path], `lies below ${above}, which is a file`);
    }
    if (paths.length > MAXIMUM_PREFERRED_FILES) refuse([], `has ${paths.length} files; at most ${MAXIMUM_PREFERRED_FILES} are kept`);
    const bytes = Object.values(files).reduce((sum, { content }) => sum + new TextEncoder().encode(content).length, 0);
    if (bytes > MAXIMUM_PREFERRED_BYTES) refuse([], `has ${bytes} bytes in all; at most ${MAXIMUM_PREFERRED_BYTES} are kept`);
  });
export type Preferences = z.infer<typeof preferencesSchema>;

import type { Area, Attempt, Outcome } from "../attempt.ts";
import { definition } from "../definition.ts";
import { seen } from "../http.ts";
import type { Target } from "../target.ts";

/** What hides itself, changes the direction of what stands beside it, or looks like nothing. */
const HIDDEN: Readonly<Record<string, string>> = {
  "U+001B escape": "\u001b",
  "U+009B control": "\u009b",
  "U+00AD soft hyphen": "\u00ad",
  "U+061C Arabic letter mark": "\u061c",
  "U+180E Mongolian vowel separator": "\u180e",
  "U+200B zero width space": "\u200b",
  "U+202E right to left": "\u202e",
  "U+2028 line separator": "\u2028",
  "U+2066 isolate": "\u2066",
  "U+2800 braille blank": "\u2800",
  "U+3164 Hangul filler": "\u3164",
  "U+FEFF byte order mark": "\ufeff",
  "U+E0041 tag": "\u{e0041}",
};

/** Where text of strangers is taken, by its place in the definition. */
const PLACES: Readonly<Record<string, (text: string) => Record<string, unknown>>> = {
  "a persona's name": (text) => ({ persona_name: `Ana${text}lyst` }),
  "a description": (text) => ({ description: `Ana${text}lyst` }),
  "the path of a file": (text) => ({
    application_configuration: { files: { [`~/ana${text}lyst`]: { format: "text", content: "x" } } },
  }),
  "a parameter's default": (text) => ({ parameters: { title: { type: "string", default: `Ana${text}lyst` } } }),
};

async function named(target: Target, over: Record<string, unknown>): Promise<Outcome> {
  const answer = await target.validate(definition(over));
  return { right: answer.body?.valid === false, seen: answer.body?.valid === false ? answer.body.problems[0]?.message : seen(answer) };
}

const characters = Object.entries(PLACES).flatMap(([place, over]) =>
  Object.entries(HIDDEN).map(([name, text]): Attempt => ({ what: `${name} in ${place}`, try: (target) => named(target, over(text)) })),
);

const BLANK: Readonly<Record<string, string>> = {
  "spaces alone": "   ",
  "no-break spaces alone": "\u00a0\u00a0",
  "a braille blank alone": "\u2800",
};

export const TEXT: Area = {
  name: "text",
  right: "refused",
  attempts: [
    ...characters,
    ...Object.entries(BLANK).map(
      ([what, text]): Attempt => ({ what: `${what} as a name`, try: (target) => named(target, { persona_name: text }) }),
    ),
    {
      what: "half a surrogate, as an escape, in a name",
      try: async (target) => {
        const document = JSON.stringify(definition()).replace('"Attacked"', '"Atta\\ud800cked"');
        const answer = await target.validate(document);
        return { right: answer.body?.valid === false, seen: answer.body?.problems?.[0]?.message ?? seen(answer) };
      },
    },
    {
      what: "U+202E in a parameter of a request",
      try: async (target) => {
        const persona = await target.publish({
          ...definition(),
          persona_id: undefined,
          parameters: { title: { type: "string", default: "x" } },
        });
        const body = { persona_id: persona, parameters: { title: "gpj.\u202eexe" } };
        const answer = await target.as(target.mallory, "POST", "/v1/workspaces", {
          body,
          headers: { "idempotency-key": crypto.randomUUID() },
        });
        return { right: answer.status === 400 || answer.status === 422, seen: seen(answer) };
      },
    },
    {
      what: "U+202E in the path of an upload",
      try: async (target) => {
        const { id } = await target.workspace();
        const path = encodeURIComponent("~/gpj.\u202eexe");
        const answer = await target.as(target.mallory, "PUT", `/v1/workspaces/${id}/files?path=${path}`, {
          raw: "x",
          headers: { "content-type": "application/octet-stream" },
        });
        return { right: answer.status >= 400 && answer.status < 500, seen: seen(answer) };
      },
    },
    {
      what: "a line break in a file's name forges a line of guise cp",
      needs: ["engine"],
      try: async (target) => {
        const workspace = await target.workspace();
        await workspace.exec(["sh", "-c", 'mkdir -p forged && printf x > "forged/$(printf "a\\ncopied b")"']);
        const { stdout, stderr } = await target.mallory.command("cp", `${workspace.id}:forged`, target.folder);
        const forged = `${stdout}\n${stderr}`.split("\n").some((line) => line.startsWith("copied b"));
        return { right: !forged, seen: forged ? "a line of its own" : "no line of its own" };
      },
    },
  ],
};

import type { CatalogView } from "@guise/contract";
import { expect, test } from "vitest";
import { personaOf } from "./answers.ts";
import type { Ask } from "./ask.ts";
import { answersFrom, idFrom } from "./questions.ts";

const CATALOG: CatalogView = {
  applications: [
    {
      application: "jupyterlab",
      name: "JupyterLab",
      description: "Notebooks",
      homepage: "https://jupyter.org",
      kind: "web",
      icon: "notebook",
      packages: { pip: ["jupyterlab"] },
      settings: {
        theme: { type: "string", description: "Theme", enum: ["light", "dark"], default: "light", apply: "default" },
        font_size: { type: "integer", description: "Size", minimum: 6, maximum: 40, apply: "default" },
        line_numbers: { type: "boolean", description: "Numbers", apply: "default" },
      },
    },
  ],
  data_sources: [{ source: "sales", kind: "volume", writable: false }],
  default_environment: "production",
};

/** Answers from a list, by the beginning of the question; what is not in it gets the initial value. */
function asking(answers: Readonly<Record<string, unknown>>): Ask & { readonly faults: string[] } {
  const faults: string[] = [];
  const answerTo = (question: string) => answers[Object.keys(answers).find((beginning) => question.startsWith(beginning)) ?? ""];
  return {
    faults,
    begin: () => {},
    end: () => {},
    async text({ question, initial = "", check }) {
      const typed = (answerTo(question) ?? [initial]) as string[];
      for (const one of typed) {
        const fault = check?.(one);
        if (fault === undefined) return one;
        faults.push(fault);
      }
      throw new Error(`no answer to "${question}" was taken: ${faults.at(-1)}`);
    },
    yes: async (question, initial) => (answerTo(question) as boolean | undefined) ?? initial,
    one: async (question, choices, initial) => (answerTo(question) as string | undefined) ?? initial ?? choices[0]?.value ?? "",
    many: async (question) => (answerTo(question) as string[] | undefined) ?? [],
  };
}

test("what is answered becomes a definition, with nothing in it that was not chosen", async () => {
  const ask = asking({
    "What is it called": ["", "Größe & Zahlen 2"],
    "Which applications": ["jupyterlab"],
    "Further packages": ["gnumeric", "apt:gnumeric, pip:polars==1.9.0"],
    "Which settings": ["theme", "font_size", "line_numbers"],
    "JupyterLab: theme": "dark",
    "JupyterLab: font_size": ["50", "14"],
    "JupyterLab: line_numbers": true,
    "Which open": ["jupyterlab"],
    "Which data": ["sales"],
    "What may it reach": ["example.com", "10.20.0.7/32:443"],
    Cores: ["lots", "1.5"],
    Pause: ["soon", ""],
  });
  expect(personaOf(await answersFrom(ask, CATALOG))).toEqual({
    persona_id: "gro-e-zahlen-2",
    persona_name: "Größe & Zahlen 2",
    required_applications: ["jupyterlab", "apt:gnumeric", "pip:polars==1.9.0"],
    application_configuration: { jupyterlab: { theme: "dark", font_size: 14, line_numbers: true } },
    launch: ["jupyterlab"],
    resource_requirements: { cpu: "1.5", ram: "2Gi", storage: "2Gi", network_bandwidth: "50Mbit" },
    access_controls: { data_sources: [{ source: "sales", access: "read" }], network: { egress: ["10.20.0.7/32:443"] } },
    lifetime: { home: "delete" },
  });
  expect(ask.faults).toHaveLength(6);
});

test("a persona of packages alone is possible, one of nothing is not", async () => {
  const ask = asking({ "What is it called": ["Jq"], "Which packages": ["", "apt:jq"] });
  expect(personaOf(await answersFrom(ask, CATALOG))).toMatchObject({
    persona_id: "jq",
    required_applications: ["apt:jq"],
    lifetime: { idle: "30m" },
  });
  expect(ask.faults).toEqual(["choose an application or name a package"]);
});

test("ids come from names", () => {
  expect(["Data Analyst", "3D Printing", "  Ünïcode  ", "日本"].map(idFrom)).toEqual(["data-analyst", "d-printing", "unicode", ""]);
});

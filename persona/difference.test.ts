import type { PersonaDefinition } from "@guise/contract";
import { describe, expect, test } from "vitest";
import { differenceOf } from "./difference.ts";
import { LEAST } from "./test-context.ts";

const between = (before: object, after: object) =>
  differenceOf({ ...LEAST, ...before } as PersonaDefinition, { ...LEAST, ...after } as PersonaDefinition, "makers");
const sentences = (changes: readonly { sentence: string }[]) => changes.map(({ sentence }) => sentence);

describe("what a version newly may", () => {
  test.each([
    [{ required_applications: ["psql", "apt:nmap"] }, "runs apt:nmap"],
    [{ access_controls: { groups: ["makers", "everyone"] } }, "may be requested by the group everyone"],
    [{ access_controls: { data_sources: [{ source: "sales", access: "read" }] } }, "reads the data source sales"],
    [{ access_controls: { network: { egress: ["10.20.0.7/32:443"] } } }, "reaches 10.20.0.7/32:443"],
    [{ access_controls: { install_packages: "user" } }, "installs packages into its home"],
    [{ access_controls: { devices: ["gpu"] } }, "uses the device gpu"],
    [{ preemption: "never" }, "is never displaced by others"],
    [{ lifetime: { home: "keep" } }, "keeps its home when it is given back"],
    [{ priority: "high" }, "waits with priority high (before: waits with priority normal)"],
  ])("%j is told, and taken back is told as well", (change, sentence) => {
    expect(sentences(between({}, change).newly_may)).toEqual([sentence]);
    const back = between(change, {});
    expect(sentences(back.newly_may)).toEqual([]);
    expect(sentences(back.no_longer_may)).toEqual([sentence.replace("before:", "now:")]);
  });

  test("more of a resource, a higher limit and a longer life", () => {
    const { resource_requirements } = LEAST;
    const { newly_may, no_longer_may } = between(
      { lifetime: { maximum: "2h", idle: "1h" } },
      {
        resource_requirements: { ...resource_requirements, cpu: "2", ram: "128Mi" },
        resource_limits: { cpu: "4" },
        lifetime: { maximum: "1d" },
      },
    );
    expect(sentences(newly_may)).toEqual([
      "takes 2 cpu (before: takes 0.5 cpu)",
      "may be resized to 4 cpu (before: may be resized to 0.5 cpu)",
      "stays unused for as long as it likes (before: stays unused for 1h)",
      "is held for 1d (before: is held for 2h)",
    ]);
    expect(sentences(no_longer_may)).toEqual([
      "takes 256 MiB ram (now: takes 128 MiB ram)",
      "may be resized to 256 MiB ram (now: may be resized to 128 MiB ram)",
    ]);
  });

  test("writing is more than reading, and one direction less than both", () => {
    const source = (access: string) => ({ access_controls: { data_sources: [{ source: "sales", access }] } });
    expect(sentences(between(source("read"), source("write")).newly_may)).toEqual(["writes to the data source sales"]);
    const { newly_may, no_longer_may } = between({}, { access_controls: { file_transfer: "in" } });
    expect([sentences(newly_may), sentences(no_longer_may)]).toEqual([[], ["gives files out"]]);
  });

  test("each environment is told by itself, with the overlay in it", () => {
    const open = { access_controls: { network: { egress: ["10.20.0.7/32:443"] } } };
    const { newly_may } = between({ environments: { staging: {}, production: {} } }, { environments: { staging: open, production: {} } });
    expect(newly_may).toEqual([{ sentence: "reaches 10.20.0.7/32:443", environments: ["staging"], everywhere: false }]);
    const [first] = between({}, open).newly_may;
    expect(first).toMatchObject({ environments: ["production"], everywhere: true });
  });

  test("a new environment is told as such, with what is more there than without an overlay", () => {
    const { newly_may, no_longer_may } = between(
      { environments: { staging: {} } },
      { environments: { staging: {}, production: { priority: "high", access_controls: { groups: ["leads"] } } } },
    );
    expect(newly_may.map(({ sentence, environments }) => [sentence, environments.join()])).toEqual([
      ["may be requested in the environment production", "production"],
      ["may be requested by the group leads", "production"],
      ["waits with priority high (before: waits with priority normal)", "production"],
    ]);
    expect(no_longer_may).toEqual([]);
    const back = between({ environments: { staging: {}, production: { priority: "high" } } }, { environments: { staging: {} } });
    expect([sentences(back.newly_may), sentences(back.no_longer_may)]).toEqual([[], ["may be requested in the environment production"]]);
  });
});

describe("what changes", () => {
  test("is named by its path; of plain lists by item; order and $schema alone are no change", () => {
    const before = { required_applications: ["psql", "git"], launch: ["psql"], application_configuration: { psql: { timing: true } } };
    const after = { required_applications: ["git", "tig"], application_configuration: { psql: { timing: false } }, description: "New" };
    expect(between(before, after).changes).toEqual([
      { path: "$.required_applications", before: "psql" },
      { path: "$.required_applications", after: "tig" },
      { path: "$.launch", before: ["psql"] },
      { path: "$.application_configuration.psql.timing", before: true, after: false },
      { path: "$.description", after: "New" },
    ]);
    expect(between({ $schema: "a" }, { $schema: "b" })).toEqual({ changes: [], newly_may: [], no_longer_may: [] });
  });

  test("a list in another order is a change as a whole", () => {
    expect(between({ launch: ["a", "b"] }, { launch: ["b", "a"] }).changes).toEqual([
      { path: "$.launch", before: ["a", "b"], after: ["b", "a"] },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import type { ConcretePersona } from "./concrete.ts";
import { CONCRETE_FORMAT, decodeConcrete, encodeConcrete, type StoredConcrete } from "./stored-concrete.ts";

const DEMAND = { cpu: 1000, ram: 2 ** 30, storage: 2 ** 30, ingress: 1e6, egress: 1e6 };
const PERSONA: ConcretePersona = {
  ...{ persona_id: "analyst", persona_name: "Analyst", description: undefined, environment: "production", parameters: { region: "UK" } },
  layers: [{ application: "psql", manager: "apt", packages: ["postgresql-client"] }],
  applications: [
    {
      ...{ application: "psql", name: "psql", kind: "terminal", command: ["psql"], workingDirectory: undefined, variables: {} },
      ...{ seccomp: "strict", web: undefined },
    },
  ],
  ...{
    launch: ["psql"],
    variables: { A: "b" },
    files: [],
    demand: DEMAND,
    limits: { ...DEMAND, cpu: 4000 },
    egress: [],
    groups: undefined,
  },
  dataSources: [{ source: "sales", access: "read", mount: "/data/sales" }],
  ...{ priority: "normal", stopGrace: 30_000, maximumLifetime: undefined, idleAfter: 60_000, keepHome: true },
};

const throughText = (stored: StoredConcrete): StoredConcrete => JSON.parse(JSON.stringify(stored)) as StoredConcrete;

/** As the first releases wrote it: no format, and fields that came later are not there. */
const FIRST: StoredConcrete = {
  ...{ persona_id: "analyst", persona_name: "Analyst", environment: "production", parameters: {} },
  layers: [{ application: "jupyterlab", manager: "pip", packages: ["jupyterlab"] }],
  applications: [
    {
      ...{ application: "jupyterlab", name: "JupyterLab", kind: "web", command: ["jupyter", "lab"], variables: {} },
      web: { port: 8888, path: "/lab", readyPath: "/api", within: 30_000 },
    },
  ],
  ...{ launch: ["jupyterlab"], variables: {}, files: [], demand: DEMAND, egress: [{ cidr: "10.0.0.0/8", protocol: "tcp", port: 443 }] },
  dataSources: [{ source: "sample-sales", access: "read" }],
  ...{ priority: "normal", preemptible: true, stopGrace: 30_000 },
};

describe("a persona kept with its workspace", () => {
  it("is read as it was written", () => {
    expect(decodeConcrete(throughText(encodeConcrete(PERSONA)))).toEqual(PERSONA);
  });

  it("of the first releases is read with what those fields mean that came later", () => {
    const read = decodeConcrete(throughText(FIRST));
    expect(read).toMatchObject({
      ...{ launch: ["jupyterlab"], limits: DEMAND, keepHome: false, stopGrace: 30_000 },
      dataSources: [{ source: "sample-sales", access: "read", mount: "/data/sample-sales" }],
      applications: [{ application: "jupyterlab", seccomp: "strict", web: { port: 8888 } }],
    });
    expect([read.idleAfter, read.maximumLifetime, read.groups]).toEqual([undefined, undefined, undefined]);
    expect(read).not.toHaveProperty("preemptible");
  });

  it("of the second format has its enforced files replaced, as they were then", () => {
    const file = (apply: string) => ({ path: "~/.x", content: "x", mode: 0o600, apply });
    const { files } = decodeConcrete(throughText({ ...encodeConcrete(PERSONA), format: 2, files: [file("enforced"), file("default")] }));
    expect(files).toEqual([file("replace"), file("default")]);
  });

  it("of the time in between keeps what it has", () => {
    const limits = { ...DEMAND, cpu: 2000 };
    expect(decodeConcrete(throughText({ ...FIRST, limits, keepHome: true, idleAfter: 5 }))).toMatchObject({
      limits,
      keepHome: true,
      idleAfter: 5,
    });
  });

  it.each([CONCRETE_FORMAT + 1, 0, 1.5, "2", null])("of format %j is refused by name, not guessed at", (format) => {
    expect(() => decodeConcrete({ ...FIRST, format })).toThrow(/format/);
  });
});

import { expect, test } from "vitest";
import { draftForm } from "./draft-form.ts";
import { draftList } from "./draft-list.ts";
import { readDraft } from "./draft-text.ts";

const PORTS = [{ port: 5173, name: "Preview" }];

/** A draft that is changed step by step, each step seeing what the one before left. */
function draftOf(document: Readonly<Record<string, unknown>>, environment?: string) {
  let text = JSON.stringify(document);
  const form = () => draftForm({ text, value: readDraft(text).value, environment, problems: [], change: (next) => (text = next) });
  return { form, ports: () => draftList(form(), ["ports"]), read: () => readDraft(text).value };
}

test("one is added, filled in and taken out, and with the last one the list goes", () => {
  const { form, ports, read } = draftOf({ persona_id: "a" });
  ports().add({});
  expect(read()).toEqual({ persona_id: "a", ports: [{}] });
  form().set(["ports", 0, "port"], 5173);
  ports().add({ port: 8000 });
  expect(read()).toMatchObject({ ports: [{ port: 5173 }, { port: 8000 }] });
  ports().takeOut(0);
  expect(read()).toMatchObject({ ports: [{ port: 8000 }] });
  ports().takeOut(0);
  expect(read()).toEqual({ persona_id: "a" });
});

test("one stays while the last of its fields is emptied to be written anew", () => {
  const { form, read } = draftOf({ ports: [{ port: 5173 }], environments: { staging: { ports: [{ port: 1 }] } } });
  form().set(["ports", 0, "port"], undefined);
  expect(read()).toMatchObject({ ports: [{}] });
  form().set(["environments", "staging", "ports", 0, "port"], undefined);
  expect(read()).toMatchObject({ environments: { staging: { ports: [{}] } } });
});

test("an environment has the list of all until it has its own, and then nothing shows through", () => {
  const { form, ports, read } = draftOf({ ports: PORTS, environments: { staging: {} } }, "staging");
  expect([ports().state, ports().items]).toEqual(["shared", PORTS]);
  expect(form().standsAlone(["ports", 0, "name"])).toBe(false);
  ports().part();
  expect([ports().state, read().environments]).toEqual(["own", { staging: { ports: PORTS } }]);
  form().set(["ports", 0, "name"], undefined);
  expect(form().held(["ports", 0, "name"])).toBeUndefined();
  expect(form().standsAlone(["ports", 0, "name"])).toBe(true);
  ports().takeOut(0);
  expect(read()).toEqual({ ports: PORTS, environments: { staging: { ports: [] } } });
  ports().rejoin();
  expect([ports().state, read()]).toEqual(["shared", { ports: PORTS, environments: { staging: {} } }]);
});

test("what is no list is left to the JSON", () => {
  expect(draftOf({ ports: 5173 }).ports().state).toBe("unreadable");
  expect(draftOf({ ports: ["5173"] }).ports().items).toEqual(["5173"]);
});

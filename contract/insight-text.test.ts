import { expect, test } from "vitest";
import { insightText } from "./insight-text.ts";

const of = { persona_id: "p", persona_name: "P", version: 1, people: 6 };
const GIB = 2 ** 30;

test("insights say what was found, of how many people, and what would do", () => {
  expect(
    insightText({ kind: "unused_application", ...of, application: "lab", application_name: "JupyterLab", image_bytes: GIB }, 30),
  ).toEqual({
    found: "Nobody of 6 people opened JupyterLab in 30 days.",
    remedy: "Without it the image, now 1 GiB, is smaller and builds faster.",
  });
  expect(insightText({ kind: "more_than_used", ...of, dimension: "ram", asked: 4 * GIB, used: GIB / 2, suggested: GIB }, 7)).toEqual({
    found: "Each workspace asks for 4 GiB of memory; the most that one of 6 people used was 512 MiB.",
    remedy: "1 GiB would do, with half as much again as was ever used.",
  });
  expect(insightText({ kind: "more_than_used", ...of, dimension: "cpu", asked: 2000, used: 100, suggested: 200 }, 7).found).toBe(
    "Each workspace asks for 2 cpu; the most that one of 6 people used in a minute was 0.1 cpu.",
  );
  expect(insightText({ kind: "nearly_all_used", ...of, dimension: "storage", asked: GIB, used: GIB, suggested: 2 * GIB }, 7).remedy).toBe(
    "2 GiB would leave room.",
  );
});

import { expect, test } from "vitest";
import { SessionLaunches } from "./session-launches.ts";

/** Processes by number: the session of each, and when it was born. */
type Processes = Readonly<Record<string, readonly [session: string, born: string]>>;

function looks(variables: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const launches = new SessionLaunches((number) => {
    asked.push(number);
    return variables[number] ?? "";
  });
  const look = (processes: Processes) => {
    asked.length = 0;
    const seen = new Map(Object.entries(processes).map(([number, [session, born]]) => [number, { session, born }]));
    return { launches: Object.fromEntries(launches.look(seen)), asked: [...asked] };
  };
  return look;
}

test("one process of each session is asked, whatever starts in it", () => {
  const look = looks({ "10": "A=1\0GUISE_APP=l-1\0", "20": "GUISE_APP=l-2\0B=" });
  expect(look({ "10": ["10", "1"], "11": ["10", "2"], "20": ["20", "3"] })).toEqual({
    launches: { "10": "l-1", "11": "l-1", "20": "l-2" },
    asked: ["10", "20"],
  });
  const bomb = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [String(100 + at), ["10", "9"]] as const));
  const { launches, asked } = look({ ...bomb, "10": ["10", "1"] });
  expect(Object.values(launches)).toEqual(Array.from({ length: 501 }, () => "l-1"));
  expect(asked).toEqual([]);
});

test("a session that names no launch is asked twice: its program may have been about to start", () => {
  const variables: Record<string, string> = {};
  const look = looks(variables);
  expect(look({ "10": ["10", "1"], "20": ["20", "1"] })).toEqual({ launches: {}, asked: ["10", "20"] });
  variables["10"] = "GUISE_APP=l-1";
  expect(look({ "10": ["10", "1"], "20": ["20", "1"] })).toEqual({ launches: { "10": "l-1" }, asked: ["10", "20"] });
  expect(look({ "10": ["10", "1"], "20": ["20", "1"] }).asked).toEqual([]);
});

test("whoever is left of a session belongs where its first process did; a number that came again does not", () => {
  const look = looks({ "10": "GUISE_APP=l-1", "11": "GUISE_APP=l-1" });
  look({ "10": ["10", "1"], "11": ["10", "2"] });
  expect(look({ "11": ["10", "2"] })).toEqual({ launches: { "11": "l-1" }, asked: [] });
  const again = looks({ "10": "GUISE_APP=l-1" });
  again({ "10": ["10", "1"] });
  expect(again({ "10": ["10", "5"] }).asked).toEqual(["10"]);
});

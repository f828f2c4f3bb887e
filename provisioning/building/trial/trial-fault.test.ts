import { expect, test } from "vitest";
import { type Failed, trialFault } from "./trial-fault.ts";
import type { WhyNot } from "./why-not.ts";

const starts = (what: string, whyNot: WhyNot): Failed => ({ what, cannot: "start", package: `apt:${what}`, whyNot });
const imports = (what: string, whyNot: WhyNot): Failed => ({ what, cannot: "be imported", package: `pip:${what}`, whyNot });
const library = (name: string): WhyNot => ({ kind: "library", name });
const python = (name: string): WhyNot => ({ kind: "python_module", name });
const symbol: WhyNot = { kind: "other", reason: "it is made for another kind of processor" };

test.each<[string, readonly Failed[]]>([
  ["cv2 cannot start: libGL.so.1 is not there; apt:libgl1 brings it", [starts("cv2", library("libGL.so.1"))]],
  [
    "cv2 cannot start: libGL.so.1 and libxcb.so.1 are not there; apt:libgl1 and apt:libxcb1 bring them",
    [starts("cv2", library("libGL.so.1")), starts("cv2", library("libxcb.so.1"))],
  ],
  // The loader tells it of a program's file, and the program when it is started.
  [
    "frob cannot start: libGL.so.1 is not there; apt:libgl1 brings it",
    [starts("frob", library("libGL.so.1")), starts("frob", library("libGL.so.1"))],
  ],
  [
    "a cannot start: libGL.so.1 is not there; b cannot start: libGL.so.1 and libfrob.so.9 are not there; apt:libgl1 brings some of them",
    [starts("a", library("libGL.so.1")), starts("b", library("libGL.so.1")), starts("b", library("libfrob.so.9"))],
  ],
  ["frob cannot start: libfrob.so.9 is not there", [starts("frob", library("libfrob.so.9"))]],
  ["frob cannot be imported: the Python module yaml is not there; pip:pyyaml brings it", [imports("frob", python("yaml"))]],
  [
    "frob cannot be imported: the Python module some_thing.core is not there; pip:some-thing may bring it",
    [imports("frob", python("some_thing.core"))],
  ],
  [
    "frob cannot be imported: the Python module frob._native is not there; another version of pip:frob may work",
    [imports("frob", python("frob._native"))],
  ],
  ['frob cannot be imported: the Python module imp is not there; "base": "debian-12" may bring it', [imports("frob", python("imp"))]],
  [
    "frob cannot be imported: the Python module winreg is not there; another version of pip:frob may work",
    [imports("frob", python("winreg"))],
  ],
  ["frob cannot start: the program ruby is not there; apt:ruby brings it", [starts("frob", { kind: "program", name: "ruby" })]],
  ["frob cannot start: the module @a/b/c is not there; npm:@a/b brings it", [starts("frob", { kind: "node_module", name: "@a/b/c" })]],
  [
    "frob cannot start: the module ./lib/x is not there; another version of apt:frob may work",
    [starts("frob", { kind: "node_module", name: "./lib/x" })],
  ],
  ["frob cannot start: it is made for another kind of processor; another version of apt:frob may work", [starts("frob", symbol)]],
  [
    "a cannot start: libz.so.9 is not there; b cannot be imported: the Python module yaml is not there; c cannot start: it is made for another kind of processor; pip:pyyaml brings some of them; another version of apt:c may work",
    [starts("a", library("libz.so.9")), imports("b", python("yaml")), starts("c", symbol)],
  ],
])("%s", (message, failed) => {
  expect(trialFault(failed).message).toBe(message);
});

test("of many only some are told", () => {
  const many = Array.from({ length: 40 }, (_, at) => starts(`p${at}`, symbol));
  expect(trialFault(many).message).toMatch(
    /^p0 cannot start: .*; p4 cannot start: [^;]+; and 35 more; another version of apt:p0, apt:p1, apt:p2, apt:p3 and apt:p4 may work$/,
  );
});

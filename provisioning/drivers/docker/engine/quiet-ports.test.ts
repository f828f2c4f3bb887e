import { expect, test } from "vitest";
import { portJoining } from "./quiet-ports.ts";

test.each([
  ["7: vetha1@if6: <BROADCAST,MULTICAST> mtu 1500 qdisc noop master guise-x state DOWN group default \\    link/ether", "vetha1"],
  ["7: vetha1: <BROADCAST,MULTICAST> mtu 1500 master guise-x state DOWN", "vetha1"],
  ["7: vetha1@if6: <BROADCAST> mtu 1500 master guise-xy state DOWN", undefined],
  ["7: vetha1@if6: <BROADCAST> mtu 1500 qdisc noop state DOWN", undefined],
  ["Deleted 7: vetha1@if6: <BROADCAST> mtu 1500 master guise-x state DOWN", undefined],
  ["7: vetha1@if6: <BROADCAST> mtu 1500 alias of guise-x", undefined],
  ["nonsense", undefined],
  ["", undefined],
])("%s", (line, port) => expect(portJoining(line, "guise-x")).toBe(port));

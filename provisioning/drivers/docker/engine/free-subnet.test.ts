import { expect, test } from "vitest";
import { chooseSubnet, freeSubnet } from "./free-subnet.ts";

test("takes the first range when nothing is in the way", () => {
  expect(freeSubnet([])).toEqual({ subnet: "10.231.0.0/22", gateway: "10.231.0.1" });
});

test.each([
  ["an address inside it", ["10.231.3.9/32"], "10.231.4.0/22"],
  ["a network around it", ["10.0.0.0/8"], "172.31.0.0/22"],
  ["neighbors on both sides", ["10.231.0.0/22", "10.231.8.0/22"], "10.231.4.0/22"],
  ["both larger private ranges", ["10.0.0.0/8", "172.16.0.0/12"], "192.168.128.0/22"],
])("passes over %s", (_, taken, expected) => {
  expect(freeSubnet(taken).subnet).toBe(expected);
});

test("a default route and IPv6 take nothing", () => {
  expect(freeSubnet(["0.0.0.0/0", "fd00::/8", "::1/128"]).subnet).toBe("10.231.0.0/22");
});

test("says where to look when everything is taken", () => {
  expect(() => freeSubnet(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])).toThrow(expect.objectContaining({ code: "no_free_subnet" }));
});

test("keeps the subnet chosen before, unless somebody took it while the bridge was gone", () => {
  const known = { subnet: "10.231.4.0/22", gateway: "10.231.4.1" };
  expect(chooseSubnet(known, [], false)).toEqual(known);
  expect(chooseSubnet(known, ["10.231.4.1/22"], true)).toEqual(known);
  expect(chooseSubnet(known, ["10.231.4.1/22"], false).subnet).toBe("10.231.0.0/22");
  expect(chooseSubnet(undefined, [], false).subnet).toBe("10.231.0.0/22");
});

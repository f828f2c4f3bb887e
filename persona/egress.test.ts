import { SPECIAL_RANGES } from "@guise/contract";
import { expect, test } from "vitest";
import { openingReason, readEgress } from "./egress.ts";

const OPENED = ["10.20.0.0/16", "fd12::/32"];

test.each([
  ["192.31.196.7/32:443", { cidr: "192.31.196.7/32", protocol: "tcp", port: 443 }],
  ["192.31.196.7:443", { cidr: "192.31.196.7/32", protocol: "tcp", port: 443 }],
  ["192.31.196.0/24:53/udp", { cidr: "192.31.196.0/24", protocol: "udp", port: 53 }],
  ["0.0.0.0/0:*", { cidr: "0.0.0.0/0", protocol: "tcp", port: null }],
  ["10.20.3.0/24:5432", { cidr: "10.20.3.0/24", protocol: "tcp", port: 5432 }],
  ["[2620:4f:8000::/48]:443", { cidr: "2620:4f:8000::/48", protocol: "tcp", port: 443 }],
  ["[2620:4f:8000::7]:443", { cidr: "2620:4f:8000::7/128", protocol: "tcp", port: 443 }],
  ["2620:4f:8000::/48:443", { cidr: "2620:4f:8000::/48", protocol: "tcp", port: 443 }],
  ["[fd12::5]:*/udp", { cidr: "fd12::5/128", protocol: "udp", port: null }],
])("%s is read", (text, target) => {
  expect(readEgress(text, OPENED)).toEqual({ target });
});

test.each([
  ["reports.example.com:443", "not_supported_here"],
  ["localhost:80", "not_supported_here"],
  ["*.example.com:443", "not_supported_here"],
  ["10.0.0.1:5432", "not_permitted"],
  ["10.20.0.0/15:5432", "not_permitted"],
  ["192.168.1.0/24:*", "not_permitted"],
  ["172.31.0.1/32:1", "not_permitted"],
  ["127.0.0.1:80", "not_permitted"],
  ["169.254.169.254/32:80", "not_permitted"],
  ["100.64.0.1:1", "not_permitted"],
  ["198.18.0.0/15:*", "not_permitted"],
  ["198.51.100.7:443", "not_permitted"],
  ["168.63.129.16:80", "not_permitted"],
  ["[5f00::1]:80", "not_permitted"],
  ["[4000::1]:80", "not_permitted"],
  ["[2001::1]:80", "not_permitted"],
  ["224.0.0.1:1/udp", "not_permitted"],
  ["255.255.255.255:1/udp", "not_permitted"],
  ["[::1]:80", "not_permitted"],
  ["[::]:80", "not_permitted"],
  ["[fe80::1]:80", "not_permitted"],
  ["[fd13::1]:80", "not_permitted"],
  ["[::ffff:10.0.0.1]:80", "not_permitted"],
  ["[ff02::1]:80", "not_permitted"],
  ["192.31.196.7", "wrong_value"],
  ["192.31.196.7:0", "wrong_value"],
  ["192.31.196.7:65536", "wrong_value"],
  ["192.31.196.7:443/sctp", "wrong_value"],
  ["192.31.196.7/33:443", "wrong_value"],
  ["192.31.196.7/24:443", "wrong_value"],
  ["192.31.196.7/24/3:443", "wrong_value"],
  ["2620:4f:8000::1:443", "wrong_value"],
  ["[fe80::1%eth0]:80", "wrong_value"],
  ["0x7f000001:80", "not_supported_here"],
  ["2130706433:80", "wrong_value"],
  ["010.0.0.1:80", "wrong_value"],
  ["[192.31.196.7]:80", "wrong_value"],
  [":80", "wrong_value"],
])("%s is %s", (text, code) => {
  expect(readEgress(text, OPENED)).toMatchObject({ fault: { code } });
});

test("a range that begins elsewhere is answered with where it begins", () => {
  expect(readEgress("192.31.196.7/24:443", [])).toMatchObject({ fault: { suggestion: "192.31.196.0/24:443" } });
});

test.each(SPECIAL_RANGES)("$cidr ($what) is named as closed, and opened where it may be", ({ cidr, openable }) => {
  const target = cidr.includes(":") ? `[${cidr}]:443` : `${cidr}:443`;
  expect(readEgress(target, [])).toMatchObject({ fault: { code: "not_permitted", message: expect.stringContaining(`lies in ${cidr} (`) } });
  expect(readEgress(target, ["0.0.0.0/0", "::/0"]).target !== undefined).toBe(openable === true);
});

test("what is closed within what is open stays closed", () => {
  expect(readEgress("100.100.100.200:80", ["100.64.0.0/10"])).toMatchObject({ fault: { message: expect.stringContaining("metadata") } });
});

test("an operator opens ranges that can be opened, and is told of others", () => {
  expect(["10.20.0.0/16", "0.0.0.0/0", "100.64.0.0/16", "fd12::/32"].map(openingReason)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(openingReason("169.254.0.0/16")).toBe('"169.254.0.0/16" lies in 169.254.0.0/16 (link-local), which cannot be opened');
  expect(openingReason("10.20.0.1")).toContain("is not a range");
  expect(openingReason("reports.example.com")).toContain("is not a range");
});

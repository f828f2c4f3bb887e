import { expect, test } from "vitest";
import { readEgress } from "./egress.ts";

const OPENED = ["10.20.0.0/16", "fd12::/32"];

test.each([
  ["192.0.2.7/32:443", { cidr: "192.0.2.7/32", protocol: "tcp", port: 443 }],
  ["192.0.2.7:443", { cidr: "192.0.2.7/32", protocol: "tcp", port: 443 }],
  ["192.0.2.0/24:53/udp", { cidr: "192.0.2.0/24", protocol: "udp", port: 53 }],
  ["0.0.0.0/0:*", { cidr: "0.0.0.0/0", protocol: "tcp", port: null }],
  ["10.20.3.0/24:5432", { cidr: "10.20.3.0/24", protocol: "tcp", port: 5432 }],
  ["[2001:db8::/48]:443", { cidr: "2001:db8::/48", protocol: "tcp", port: 443 }],
  ["[2001:db8::7]:443", { cidr: "2001:db8::7/128", protocol: "tcp", port: 443 }],
  ["2001:db8::/48:443", { cidr: "2001:db8::/48", protocol: "tcp", port: 443 }],
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
  ["224.0.0.1:1/udp", "not_permitted"],
  ["255.255.255.255:1/udp", "not_permitted"],
  ["[::1]:80", "not_permitted"],
  ["[::]:80", "not_permitted"],
  ["[fe80::1]:80", "not_permitted"],
  ["[fd13::1]:80", "not_permitted"],
  ["[::ffff:10.0.0.1]:80", "not_permitted"],
  ["[ff02::1]:80", "not_permitted"],
  ["192.0.2.7", "wrong_value"],
  ["192.0.2.7:0", "wrong_value"],
  ["192.0.2.7:65536", "wrong_value"],
  ["192.0.2.7:443/sctp", "wrong_value"],
  ["192.0.2.7/33:443", "wrong_value"],
  ["192.0.2.7/24:443", "wrong_value"],
  ["192.0.2.7/24/3:443", "wrong_value"],
  ["2001:db8::1:443", "wrong_value"],
  ["[fe80::1%eth0]:80", "wrong_value"],
  ["0x7f000001:80", "not_supported_here"],
  ["2130706433:80", "wrong_value"],
  ["010.0.0.1:80", "wrong_value"],
  ["[192.0.2.7]:80", "wrong_value"],
  [":80", "wrong_value"],
])("%s is %s", (text, code) => {
  expect(readEgress(text, OPENED)).toMatchObject({ fault: { code } });
});

test("a range that begins elsewhere is answered with where it begins", () => {
  expect(readEgress("192.0.2.7/24:443", [])).toMatchObject({ fault: { suggestion: "192.0.2.0/24:443" } });
});

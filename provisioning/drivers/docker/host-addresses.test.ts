import { expect, test } from "vitest";
import { deviceAddresses, localRanges } from "./host-addresses.ts";

const FIB_TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
Local:
     +-- 192.0.2.0/24 2 0 2
        +-- 192.0.2.0/30 2 0 2
           |-- 192.0.2.0
              /24 link UNICAST
              /32 link BROADCAST
           |-- 192.0.2.2
              /32 host LOCAL
        |-- 203.0.113.0
           /24 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
        |-- 192.0.2.2
           /32 host LOCAL
`;

test("what the machine answers at: single addresses, whole ranges, nothing that is only a route, no loopback", () => {
  expect(localRanges(FIB_TRIE)).toEqual(["192.0.2.2/32", "203.0.113.0/24"]);
});

test("IPv6 addresses of every device but the loopback's own", () => {
  const table = `fe8000000000000000fc00fffe000001 04 40 20 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
20010db8000000000000000000000009 01 80 00 80       lo
`;
  expect(deviceAddresses(table)).toEqual(["fe80:0000:0000:0000:00fc:00ff:fe00:0001/128", "2001:0db8:0000:0000:0000:0000:0000:0009/128"]);
  expect(deviceAddresses("")).toEqual([]);
});

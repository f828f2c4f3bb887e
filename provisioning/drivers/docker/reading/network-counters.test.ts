import { expect, test } from "vitest";
import { parseNetwork } from "./network-counters.ts";

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       7       1    0    0    0     0          0         0        7       1    0    0    0     0       0          0
`;
const ETH0 = "  eth0: 1300000     900    0    0    0     0          0         0    20000     300    0    0    0     0       0          0\n";
const IFB0 = "  ifb0: 1000000     700    0    0    0     0          0         0  1000000     700    0    0    0     0       0          0\n";

test("received is what the limit let through, where it can be told", () => {
  expect(parseNetwork(HEAD + ETH0 + IFB0)).toEqual({ received: 1_000_000, sent: 20_000 });
  expect(parseNetwork(HEAD + IFB0 + ETH0)).toEqual({ received: 1_000_000, sent: 20_000 });
  expect(parseNetwork(HEAD + ETH0)).toEqual({ received: 1_300_000, sent: 20_000 });
  expect(parseNetwork(HEAD)).toEqual({ received: 0, sent: 0 });
});

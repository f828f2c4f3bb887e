import { expect, test } from "vitest";
import { parseDropped } from "../dropped-packets.ts";
import { parseKill } from "./kernel-log.ts";
import { fieldOf } from "./limit-counters.ts";

const kill = (task: string) =>
  `6,522,390292386,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=e831,mems_allowed=0,oom_memcg=/guise-x/e831,task_memcg=/guise-x/e831,task=${task}\n`;

test("finds the program and the control group in the kernel's own words", () => {
  expect(parseKill(kill("python3,pid=19954,uid=1900020001"))).toEqual({ group: "/guise-x/e831", program: "python3", at: 390292.386 });
});

test("is not deceived by a name that looks like the rest of the line", () => {
  const forged = "x,oom_memcg=/o,pid=1,uid=0,pid=19954,uid=1900020001";
  expect(parseKill(kill(forged))).toMatchObject({ group: "/guise-x/e831", program: "x,oom_memcg=/o,pid=1,uid=0" });
});

test.each([
  "6,1,2,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=a,pid=1,uid=0\n",
  "12,1,2,-;say oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/g,task_memcg=/g,task=a,pid=1,uid=0\n",
  "",
])("takes nothing else for it: %s", (record) => {
  expect(parseKill(record)).toBeUndefined();
});

test("reads a counter by its name alone", () => {
  const text = "low 1\noom 5\noom_kill 3\noom_group_kill 9\n";
  expect(fieldOf(text, "oom_kill")).toBe(3);
  expect(fieldOf("max 17\n", "max")).toBe(17);
  expect(fieldOf("", "max")).toBe(0);
});

test("reads what was dropped from the shaping of each device, or from the policing", () => {
  const shaped = [
    "qdisc noqueue 0: dev lo root refcnt 2",
    " Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0)",
    "qdisc tbf 8001: dev eth0 root refcnt 2 rate 10Mbit burst 32Kb lat 105ms",
    " Sent 5 bytes 1 pkt (dropped 7, overlimits 9 requeues 0)",
    "qdisc ingress ffff: dev eth0 parent ffff:fff1 ----------------",
    " Sent 5 bytes 1 pkt (dropped 3, overlimits 0 requeues 0)",
    "qdisc tbf 8002: dev ifb0 root refcnt 2 rate 10Mbit burst 32Kb lat 105ms",
    " Sent 5 bytes 1 pkt (dropped 41, overlimits 9 requeues 0)",
  ];
  expect(parseDropped(shaped.join("\n"))).toEqual({ ingress: 41, egress: 7 });
  const policed =
    'table inet guise_rate {\n iif != "lo" limit rate over 1250 kbytes/second burst 64 kbytes counter packets 12 bytes 18000 drop\n}';
  expect(parseDropped(`${shaped.slice(0, 4).join("\n")}\n${policed}`)).toEqual({ ingress: 12, egress: 7 });
});

import type { Area, Attempt } from "../attempt.ts";

/** A script in the hostile workspace; `right` judges what it printed. */
const inside = (what: string, script: string, right: (printed: string, exit: number) => boolean): Attempt => ({
  what,
  needs: ["engine"],
  async try(target) {
    const { stdout, stderr, exit } = await (await target.workspace()).exec(["bash", "-c", script]);
    const said = `${stdout}${stderr}`.trim().split("\n").slice(-1)[0] ?? "";
    return { right: right(stdout, exit), seen: `exit ${exit}${said === "" ? "" : `: ${said.slice(0, 110)}`}` };
  },
});

export const INSIDE: Area = {
  name: "inside",
  right: "refused",
  attempts: [
    inside(
      "to be spared before the machine's own services when memory ends",
      "for n in -1 -500 -1000; do echo $n > /proc/self/oom_score_adj; done; cat /proc/self/oom_score_adj",
      (printed) => Number(printed) >= 0,
    ),
    inside(
      "other workspaces in the mount table",
      "cat /proc/self/mountinfo | grep -o 'w-[a-z2-7]\\{20\\}' | sort -u | wc -l",
      (printed) => Number(printed) <= 1,
    ),
    inside(
      "the files behind everybody's homes",
      "cat /sys/block/*/loop/backing_file /sys/devices/virtual/block/*/loop/backing_file 2>/dev/null | head -3",
      (printed) => printed === "",
    ),
    inside(
      "how the machine was started, and its disks",
      "cat /proc/cmdline /proc/partitions /proc/diskstats 2>/dev/null | head -3",
      (printed) => printed === "",
    ),
    inside("names in the control groups", "cat /proc/self/cgroup /proc/1/cgroup", (printed) => !/guise|docker|[0-9a-f]{64}/.test(printed)),
    inside("the command line of process 1", "tr '\\0' ' ' < /proc/1/cmdline", (printed) => !/w-[a-z2-7]{20}|[0-9a-f]{32}/.test(printed)),
    inside(
      "the channel's keys",
      "cat /run/guise/*key* /run/guise/authorized_keys /run/guise/ssh/* 2>/dev/null | head -c 200",
      (printed) => !/PRIVATE KEY/.test(printed),
    ),
    inside("a device of the host", "mknod /tmp/sda b 8 0 || cat /dev/sda /dev/vda /dev/loop0", (_, exit) => exit !== 0),
    inside(
      "the engine's socket",
      "ls /var/run/docker.sock /run/docker.sock /run/guise/*.sock",
      (printed) => !printed.includes("docker.sock"),
    ),
    inside("another user id", "unshare -Ur id -u", (_, exit) => exit !== 0),
    inside("a file outside the home", "touch /usr/x || touch /etc/x", (_, exit) => exit !== 0),
    {
      what: "an author's BASH_ENV, ENV, LD_PRELOAD and PS4 in programs of Guise's own",
      needs: ["engine"],
      async try(target) {
        const variables = { BASH_ENV: "/tmp/intruder", ENV: "/tmp/intruder", LD_PRELOAD: "/tmp/none.so", PS4: "INTRUDED " };
        const workspace = await target.newWorkspace({ application_configuration: { variables } });
        try {
          await workspace.exec(["sh", "-c", "printf 'echo INTRUDED\\n' > /tmp/intruder; echo x > a"]);
          const names = (await workspace.files.list("~")).map(({ name }) => name);
          const launches = await target.as(target.mallory, "GET", `/v1/workspaces/${workspace.id}/launches`);
          const right = names.includes("a") && launches.status === 200 && !launches.text.includes("INTRUDED");
          return { right, seen: `the home lists ${names.length} names; launches ${launches.status}` };
        } finally {
          await workspace.release({ withHome: true });
        }
      },
    },
  ],
};

import type { Profession } from "./proof.ts";

const F10 = "\u001b[21~";
const PLAYBOOK = [
  { hosts: "machines", gather_facts: false, tasks: [{ name: "write", copy: { dest: "/home/user/made.txt", content: "by a playbook\n" } }] },
];
const RULE = 'rule Marked { strings: $mark = "evil" condition: $mark }';

/** Operations, and what security analysts read files with. */
export const operations: Profession = {
  persona: "operations",
  files: {
    "~/site.yml": { format: "text", content: JSON.stringify(PLAYBOOK) },
    "~/machines.ini": { format: "text", content: "[machines]\nlocalhost ansible_connection=local\n" },
  },
  applications: {
    ansible: {
      kind: "command",
      settings: { inventory: "~/machines.ini", result_format: "yaml", forks: 2 },
      arguments: ["site.yml", "-v"],
      says: /changed: \[localhost\] =>\s[\s\S]*\n\s+changed: true\n[\s\S]*failed=0/,
      does: [
        ["cat made.txt", /by a playbook/],
        ["ansible machines -m ping", /localhost \| SUCCESS[\s\S]*pong/],
        ["ansible-config dump --only-changed", /DEFAULT_FORKS\S* = 2/],
      ],
    },
    mc: {
      kind: "terminal",
      settings: { skin: "nicedark", confirm_exit: true, internal_editor: true, hidden_files: false },
      screen: [[/^(?![\s\S]*\.ansible\.cfg)[\s\S]*machines\.ini[\s\S]*Quit/, F10], [/Do you really want to quit/]],
    },
    lnav: {
      kind: "terminal",
      settings: { sources: ["~/logs"], clock_format: "clock %Y" },
      prepares: ["mkdir -p logs && echo '2025-01-01T10:00:00 error the disk is full' > logs/a.log"],
      screen: [[/clock 20\d\d[\s\S]*the disk is full/]],
    },
    ripgrep: {
      kind: "command",
      settings: { hidden: true, sort: "path" },
      prepares: ["mkdir -p tree && echo needle > tree/.b && echo needle > tree/a"],
      arguments: ["needle", "tree"],
      says: /^tree\/\.b.*needle\ntree\/a.*needle\n$/,
    },
    miller: {
      kind: "command",
      settings: { output_format: "markdown" },
      prepares: ["printf 'k,v\\na,1\\na,2\\n' > k.csv"],
      arguments: ["--icsv", "stats1", "-a", "sum", "-f", "v", "-g", "k", "k.csv"],
      says: /\| a \| 3 \|/,
    },
    tshark: {
      kind: "command",
      settings: { time: "epoch", port_names: true, relative_sequence: false },
      prepares: ["printf '0000 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a 0d 0a\\n' > dump && text2pcap -q -T 40000,80 dump web.pcap"],
      arguments: ["-r", "web.pcap"],
      says: /1 1\d{9}\.\d+\s.*GET \/ HTTP\/1\.1/,
      does: [
        ["tshark -r web.pcap -V", /Dst Port: http \(80\)[\s\S]*Request URI: \//],
        ["tshark -G currentprefs | grep -E '^(nameres.transport|tcp.relative_seq)'", /name: TRUE\s+\S+: FALSE/],
      ],
    },
    yara: {
      kind: "command",
      settings: { strings: true, recursive: true },
      prepares: [`echo '${RULE}' > rules.yar && mkdir -p evidence/deep && echo 'an evil word' > evidence/deep/a.txt`],
      arguments: ["rules.yar", "evidence"],
      says: /^Marked evidence\/\/?deep\/a\.txt\n0x3:\$mark: evil/,
    },
  },
};

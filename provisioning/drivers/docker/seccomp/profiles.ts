import type { SeccompProfile } from "#provisioning";
import { ALLOWED_CALLS, SANDBOXING_CALLS } from "./allowed-calls.ts";

/** All CLONE_NEW… flags but the one for time namespaces, which `clone` cannot be told. */
const NEW_NAMESPACES = 0x7e020000;
const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
/** Of netlink: routes (what addresses there are) and the kernel's device events. */
const NETLINK = { route: 0, kobject: 15 } as const;
/** What `personality` may be told: Linux, and that without address randomization, with and without 32-bit names; or only asked. */
const PERSONALITIES = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];
const ENOSYS = 38;

interface Argument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: "SCMP_CMP_EQ" | "SCMP_CMP_MASKED_EQ";
}

interface Rule {
  readonly names: readonly string[];
  readonly action: "SCMP_ACT_ALLOW" | "SCMP_ACT_ERRNO";
  readonly args?: readonly Argument[];
  readonly errnoRet?: number;
}

const is = (index: number, value: number): Argument => ({ index, value, op: "SCMP_CMP_EQ" });
const allow = (names: readonly string[], ...args: readonly Argument[]): Rule => ({
  names,
  action: "SCMP_ACT_ALLOW",
  ...(args.length === 0 ? {} : { args }),
});

const COMMON: readonly Rule[] = [
  allow(ALLOWED_CALLS),
  ...PERSONALITIES.map((persona) => allow(["personality"], is(0, persona))),
  ...[AF.unix, AF.inet, AF.inet6].map((family) => allow(["socket"], is(0, family))),
  ...[NETLINK.route, NETLINK.kobject].map((protocol) => allow(["socket"], is(0, AF.netlink), is(2, protocol))),
  // Its flags lie in memory, where no filter sees them. "No such call" makes the C library fall back to clone; "not permitted" would not.
  { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
];

const RULES: Readonly<Record<SeccompProfile, readonly Rule[]>> = {
  strict: [...COMMON, allow(["clone"], { index: 0, value: NEW_NAMESPACES, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" })],
  browser: [...COMMON, allow(SANDBOXING_CALLS)],
};

/** The machine's own calls alone: those of 32-bit programs come with other numbers and pass sockets through one call. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "SCMP_ARCH_X86_64", arm64: "SCMP_ARCH_AARCH64" };

/** The profile as the engine takes it: JSON, inline. */
export function seccompOption(profile: SeccompProfile, architecture: string = process.arch): string {
  const known = ARCHITECTURES[architecture];
  const document = {
    defaultAction: "SCMP_ACT_ERRNO",
    ...(known === undefined ? {} : { architectures: [known] }),
    syscalls: RULES[profile],
  };
  return `seccomp=${JSON.stringify(document)}`;
}

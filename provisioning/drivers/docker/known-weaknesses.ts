/** runc CVE-2025-31133, -52565 and -52881 are mended from these on; distributions mend older ones by their own lists. */
const MENDED_RUNC = [
  [1, 2, 8],
  [1, 3, 3],
] as const;

/** What an operator should know of this engine, one sentence each. Pure. */
export function knownWeaknesses(engine: {
  readonly runc: string;
  readonly ownEngine: boolean;
  readonly liveRestore: boolean;
  readonly seccomp: boolean;
  readonly userNamespaces: boolean;
  readonly loopDevices: boolean;
  readonly ifb: boolean;
}): string[] {
  const warnings: string[] = [];
  if (!engine.ownEngine) warnings.push("The engine is not Guise's own: whoever else may use its socket can look into every workspace.");
  if (!engine.userNamespaces)
    warnings.push("The engine runs without user namespaces: root in a container that breaks out is root on the machine.");
  if (!engine.seccomp) warnings.push("The engine runs without seccomp: workspaces may make every system call.");
  if (isOlderRunc(engine.runc))
    warnings.push(
      `runc ${engine.runc} is older than 1.2.8 and 1.3.3 (CVE-2025-31133, -52565, -52881), unless the distribution has mended it.`,
    );
  if (!engine.loopDevices) warnings.push("There are no loop devices: homes cannot be given a hard limit.");
  if (!engine.liveRestore)
    warnings.push("The engine runs without live-restore: when it restarts, every workspace starts anew on its home.");
  if (!engine.ifb) warnings.push("There is no ifb device: incoming bandwidth is policed, which wastes what exceeds it.");
  return warnings;
}

/** A version that cannot be read warns of nothing: it is shown among the facts. */
function isOlderRunc(version: string): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (parts === undefined) return false;
  const [major = 0, minor = 0, patch = 0] = parts;
  const mended = MENDED_RUNC.find((known) => known[0] === major && known[1] === minor);
  if (mended !== undefined) return patch < mended[2];
  return major < 1 || (major === 1 && minor < 2);
}

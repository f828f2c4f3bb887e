import { existsSync, readdirSync } from "node:fs";

/** A program that the product runs on the host, and the Debian package that brings it. */
export interface SystemNeed {
  readonly program: string;
  readonly package: string;
  readonly for: string;
}

/** What Guise needs of the host, whichever engine it uses. */
export const HOST_NEEDS: readonly SystemNeed[] = [
  { program: "mmdebstrap", package: "mmdebstrap", for: "the base images" },
  { program: "nft", package: "nftables", for: "network rules" },
  { program: "ip", package: "iproute2", for: "the bridge" },
  { program: "tc", package: "iproute2", for: "bandwidth" },
  { program: "mkfs.ext4", package: "e2fsprogs", for: "homes with a hard limit" },
  { program: "debugfs", package: "e2fsprogs", for: "homes with a hard limit" },
  { program: "losetup", package: "util-linux", for: "homes with a hard limit" },
  { program: "pip3", package: "python3-pip", for: "the address of pip's own index" },
];

/** And to run an engine of its own. */
export const ENGINE_NEEDS: readonly SystemNeed[] = [
  { program: "dockerd", package: "docker.io", for: "the container engine" },
  { program: "containerd", package: "containerd", for: "the container engine" },
  ...HOST_NEEDS,
  { program: "newuidmap", package: "uidmap", for: "the engine's user namespace" },
];

/** What the tests need beside that: a real SSH server for the channel, and terminals. */
export const TEST_NEEDS: readonly SystemNeed[] = [
  { program: "sshd", package: "openssh-server", for: "tests of the channel" },
  { program: "tmux", package: "tmux", for: "tests of terminals" },
  { program: "chromium", package: "chromium", for: "tests of the portal" },
  { program: "ssh", package: "openssh-client", for: "tests of its way into workspaces" },
  { program: "rsync", package: "rsync", for: "tests over it" },
  { program: "openssl", package: "openssl", for: "tests of authorities and private registries" },
  { program: "gpg", package: "gpg", for: "tests of signed package lists" },
  { program: "postgres", package: "postgresql", for: "tests of roles in databases" },
];

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
/** Debian has each version of PostgreSQL in a folder of its own, below this. */
const DATABASES = "/usr/lib/postgresql";

export function missingOf(needs: readonly SystemNeed[], exists: (path: string) => boolean = existsSync): readonly SystemNeed[] {
  const folders = [...FOLDERS, ...databaseFolders()];
  return needs.filter(({ program }) => !folders.some((folder) => exists(`${folder}/${program}`)));
}

function databaseFolders(): readonly string[] {
  return existsSync(DATABASES) ? readdirSync(DATABASES).map((version) => `${DATABASES}/${version}/bin`) : [];
}

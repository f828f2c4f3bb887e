import type { EngineLayout } from "./engine-layout.ts";

export function containerdConfiguration({ containerd }: EngineLayout): string {
  return `version = 2
root = ${JSON.stringify(containerd.root)}
state = ${JSON.stringify(containerd.state)}
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = ${JSON.stringify(containerd.socket)}
`;
}

export function containerdArguments({ containerd }: EngineLayout): string[] {
  return ["-c", containerd.configuration];
}

/**
 * With default flags a second dockerd removes the first one's rules, reads its configuration and uses its containerd:
 * every one of these belongs to that (EXPERIENCE VI.1). NAT and isolation are our own table's.
 */
export function dockerdArguments(layout: EngineLayout, subnet: string, mtu: number | undefined): string[] {
  const { containerd, dockerd } = layout;
  return [
    ...["--config-file", dockerd.configuration, "--data-root", dockerd.data, "--exec-root", dockerd.exec],
    ...["--host", `unix://${dockerd.socket}`, "--pidfile", dockerd.ownPid, "--group", "root"],
    ...["--containerd", containerd.socket, "--containerd-namespace", "guise", "--containerd-plugins-namespace", "guise-plugins"],
    ...["--bridge", layout.bridge, "--fixed-cidr", subnet, ...(mtu === undefined ? [] : ["--mtu", String(mtu)])],
    ...["--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false", "--userland-proxy=false"],
    ...["--userns-remap", layout.remapUser, "--live-restore", "--cgroup-parent", layout.cgroupParent],
    ...["--log-driver", "local", "--storage-driver", "overlay2"],
  ];
}

import { type Channel, shellWords } from "#provisioning";

/** For a channel's command, which runs in sh: the script in bash, which opens connections by itself. */
export function inBash(script: string): string {
  return `exec ${shellWords(["bash", "-c", script])}`;
}

/** Whether a TCP connection from inside opens; where it does not, whether it was refused, which is at once, or nobody answered for five seconds. */
export async function connectsTo(
  channel: Channel,
  address: string,
  port: number,
): Promise<{ readonly open: boolean; readonly refused: boolean }> {
  const { exit } = await channel.run(`timeout 5 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null`);
  // timeout's own exit code when it had to end the attempt.
  return { open: exit === 0, refused: exit !== 0 && exit !== 124 };
}

/** Whether a UDP service answers. By dd: bash reads byte by byte, and the rest of a datagram is lost with its first. */
export async function answersUdp(channel: Channel, address: string, port: number): Promise<boolean> {
  const { stdout } = await channel.run(
    `timeout 3 bash -c 'exec 3<>/dev/udp/${address}/${port}; echo hello >&3; timeout 1 dd bs=100 count=1 status=none <&3' 2>/dev/null; true`,
  );
  return stdout.includes("hello");
}

/** Bit/s of payload, as the inside measures it. */
export async function transferRate(channel: Channel, direction: "get" | "put", address: string, bytes: number): Promise<number> {
  const work =
    direction === "get"
      ? `echo "get ${bytes}" >&3; cat <&3 | wc -c >/dev/null`
      : `{ echo "put ${bytes}"; head -c ${bytes} /dev/zero; } >&3; read -r x <&3`;
  const { stdout, stderr, exit } = await channel.run(
    inBash(`exec 3<>/dev/tcp/${address}/8080; s=\${EPOCHREALTIME/[.,]/}; ${work}; echo $(( \${EPOCHREALTIME/[.,]/}-s ))`),
  );
  if (exit !== 0) throw new Error(stderr);
  return (bytes * 8 * 1e6) / Number(stdout);
}

/** Has something inside that listens, on every address; it does when this resolves. Perl, for the image's own server has its keys from outside. */
export async function listenInside(channel: Pick<Channel, "run">, port: number): Promise<void> {
  const script = `$s = IO::Socket::INET->new(Listen => 5, LocalPort => ${port}, ReuseAddr => 1) or die; exit if fork; close $_ for *STDIN, *STDOUT, *STDERR; 1 while $s->accept`;
  const { exit, stderr } = await channel.run(`exec setsid perl -MIO::Socket -e '${script}'`);
  if (exit !== 0) throw new Error(`nothing listens inside: ${stderr}`);
}

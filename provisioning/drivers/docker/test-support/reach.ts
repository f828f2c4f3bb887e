/** One way to reach somebody: `unix` by a path in place of an address; `raw` is ICMP by a raw socket. */
export interface Probe {
  readonly protocol: "tcp" | "udp" | "udplite" | "icmp" | "raw" | "unix";
  readonly address: string;
  readonly port: number;
}

/** `refused`: at once, by an error. `silent`: it may have left, nothing came back. */
export type Outcome = "open" | "refused" | "silent";

/** A line that the script prints for a probe begins so, in a stream with other lines. */
const MARK = "PROBE";

export const keyOf = ({ protocol, address, port }: Probe): string => `${protocol} ${address} ${port}`;

/** Reads what the script printed; a probe that is not there was not tried. */
export function readOutcomes(lines: readonly string[]): ReadonlyMap<string, Outcome> {
  const said = lines.map((line) => line.trim().split(" ")).filter(([mark]) => mark === MARK);
  return new Map(said.map(([, protocol, address, port, outcome]) => [`${protocol} ${address} ${port}`, outcome as Outcome]));
}

/** For `perl -`, which every image and every host has: tries the probes, some at a time, and prints a line for each. */
export function probeScript(probes: readonly Probe[]): string {
  return `${PERL}\n${probes.map(({ protocol, address, port }) => `attempt("${protocol}", "${address}", ${port});`).join("\n")}\n1 while wait > 0;\n`;
}

/** What a datagram to nobody is answered with comes within this; connecting is given longer. Seconds. */
const PERL = `use strict; use Socket qw(:all); $| = 1;
my %kinds = (tcp => [SOCK_STREAM, 6, 6], udp => [SOCK_DGRAM, 17, 17], udplite => [SOCK_DGRAM, 136, 136], icmp => [SOCK_DGRAM, 1, 58], raw => [SOCK_RAW, 1, 58]);
my $running = 0;
sub attempt {
  my ($protocol, $address, $port) = @_;
  $running < 16 ? $running++ : wait;
  return if fork;
  my $outcome = outcome($protocol, $address, $port);
  print "${MARK} $protocol $address $port $outcome\\n";
  exit;
}
sub outcome {
  my ($protocol, $address, $port) = @_;
  if ($protocol eq "unix") {
    socket(my $socket, AF_UNIX, SOCK_STREAM, 0) or return "refused";
    return connect($socket, pack_sockaddr_un($address)) ? "open" : "refused";
  }
  my $six = index($address, ":") >= 0;
  my ($bare, $device) = split /%/, $address;
  my ($type, $four, $sixth) = @{$kinds{$protocol}};
  my $to = $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $bare), scope($device)) : pack_sockaddr_in($port, inet_aton($bare));
  socket(my $socket, $six ? AF_INET6 : AF_INET, $type, $six ? $sixth : $four) or return "refused";
  setsockopt($socket, SOL_SOCKET, SO_BROADCAST, 1);
  $socket->blocking(0);
  connect($socket, $to) or $!{EINPROGRESS} or return "refused";
  return connected($socket) if $protocol eq "tcp";
  my $message = $protocol =~ /^udp/ ? "hello" : pack("CCnnn", $six ? 128 : 8, 0, $six ? 0 : 0xf7fd, 1, 1);
  defined(send($socket, $message, 0)) or return "refused";
  return "silent" unless wait_for($socket, 0, 0.5);
  return defined(recv($socket, my $answer, 2000, 0)) ? "open" : "refused";
}
sub connected {
  my ($socket) = @_;
  return "silent" unless wait_for($socket, 1, 2);
  return unpack("i", getsockopt($socket, SOL_SOCKET, SO_ERROR)) == 0 ? "open" : "refused";
}
sub wait_for {
  my ($socket, $writing, $seconds) = @_;
  vec(my $bits = "", fileno($socket), 1) = 1;
  return select($writing ? undef : $bits, $writing ? $bits : undef, undef, $seconds);
}
sub scope { my ($device) = @_; return 0 unless $device; open(my $file, "<", "/sys/class/net/$device/ifindex") or return 0; return int(<$file>) }
use Errno; use IO::Handle; use IO::Socket;`;

/** One line for each row, with what every source got. */
export function reachTable(rows: readonly string[], columns: readonly string[], cell: (row: number, column: number) => string): string {
  const texts = [["", ...columns], ...rows.map((row, at) => [row, ...columns.map((_, column) => cell(at, column))])];
  const widths = texts[0]?.map((_, column) => Math.max(...texts.map((line) => line[column]?.length ?? 0))) ?? [];
  return texts
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/**
 * While packages' scripts run there is no network, and no name is found. Who asks for one all the same wanted something from elsewhere: on the
 * box's own loopback, where its programs look for a name server, each question is written down with the package whose script asked, and answered
 * that the server failed.
 */
const SERVER = `use strict; use IO::Socket::INET; use Socket;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 53, Proto => "udp") or exit 1;
open my $log, ">>", "$ENV{B}/asked" or exit 1;
select $log; $| = 1;
print STDOUT "listening\\n"; close STDOUT;
# The socket that asks stays open until it is answered: its owner is a process of the script.
sub package_at {
  my ($port) = @_;
  my $local = sprintf ":%04X", $port;
  for my $table ("/proc/net/udp", "/proc/net/udp6") {
    open my $lines, "<", $table or next;
    for (<$lines>) {
      my @fields = split; next unless defined $fields[9] and $fields[1] =~ /$local$/;
      for my $fd (glob "/proc/[0-9]*/fd/*") {
        next unless (readlink $fd // "") eq "socket:[$fields[9]]";
        my ($pid) = $fd =~ m{^/proc/(\\d+)/};
        open my $environ, "<", "/proc/$pid/environ" or next; local $/ = "\\0";
        my %given = map { chomp; split /=/, $_, 2 } grep /=/, <$environ>;
        return "$given{npm_package_name}" if defined $given{npm_package_name};
      }
    }
  }
  return "";
}
while (defined(my $from = $server->recv(my $question, 1500))) {
  next if length $question < 17;
  my ($port) = sockaddr_in($from);
  my ($at, @labels) = (12);
  while ($at < length $question and my $length = ord substr $question, $at, 1) {
    last if $length > 63; push @labels, substr $question, $at + 1, $length; $at += $length + 1;
  }
  my $name = join ".", @labels;
  my $package = package_at($port);
  print "$package\\t$name\\n" if $package =~ m{^[A-Za-z0-9@/._~-]{1,214}$} and $name =~ /^[A-Za-z0-9._-]{1,253}$/;
  # The question alone, answered: the server failed.
  my $answer = substr $question, 0, $at + 5;
  substr $answer, 2, 10, pack "n5", 0x8182, 1, 0, 0, 0;
  $server->send($answer, 0, $from);
}`;

/** Begins to listen, and has names of mirrors asked for as well; into `$B/asked` go lines `PACKAGE NAME`, tab-separated. Where it cannot, none. */
export const HEAR_NAMES = `printf '127.0.0.1 localhost\\n::1 localhost\\n' 2>/dev/null > /etc/hosts || :
: > $B/asked
cat > $B/hear-names <<'PERL'
${SERVER}
PERL
exec {heard}< <(exec perl $B/hear-names 2>/dev/null)
read -r -u $heard _ || :`;

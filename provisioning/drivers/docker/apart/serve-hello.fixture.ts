/** A server that the base image can run: greets whoever connects to port 8090, and ends the connection. */
export const SERVE_HELLO: readonly string[] = [
  "/usr/bin/perl",
  "-MIO::Socket::INET",
  "-e",
  'my $s = IO::Socket::INET->new(LocalPort => 8090, Listen => 5, ReuseAddr => 1) or die $!; while (my $c = $s->accept) { print $c "hello\\n"; close $c }',
];

/**
 * Starts what a list names, a few at a time, each as a user of its own, and says how each ended. It runs as root and is told from outside what
 * to start; what it starts is a stranger's and no root: it reaches neither this program's output nor its files, and is ended with all that it
 * began when its time is over. What it prints goes into a pipe, of which the end is kept and told as hexadecimal digits: no word of it can be
 * taken for a line of ours.
 *
 * A program has its seconds, and more as long as it computes: how much a busy machine gives it is no matter of its own.
 *
 * Arguments: the list, the first of the users' numbers, how many at a time, how many seconds in all. A line of the list, tab-separated:
 * `NUMBER SECONDS COMMAND ARGUMENT…`. Says, tab-separated: `said NUMBER HEX` where something went wrong, then `ended NUMBER CODE`,
 * `died NUMBER SIGNAL` or `ran NUMBER`; nothing of what there was no time for.
 */
export const TRIAL_SCRIPT = String.raw`use strict; use POSIX ();
my ($list, $first, $slots, $seconds) = @ARGV;
$| = 1; $SIG{CHLD} = sub {};
# No stranger makes anything in it: what root does to a home, it does to no link.
my $homes = "/run/guise-trials"; mkdir $homes, 0755;
my $KEPT = 4096; my $MOST = 2 ** 20;
# Seconds that one gets beyond its own at most, and of two seconds so many hundredths it must have computed.
my $MOST_MORE = 50; my $LEAST = 10;
open my $lines, "<", $list or die "no list: $!\n";
my @waiting = map { chomp; [split /\t/] } <$lines>;
my @free = map { $first + $_ } 0 .. $slots - 1;
# Programs ask who they are, as they may in a workspace.
open my $users, ">>", "/etc/passwd" or die "no list of users: $!\n";
print $users join(":", "trial$_", "x", $_, $_, "", "$homes/$_", "/bin/bash"), "\n" for @free;
close $users;
my $end = time + $seconds;
my @running;

sub become {
  my ($user) = @_;
  $) = "$user $user"; POSIX::setgid($user); POSIX::setuid($user);
  POSIX::_exit(99) if $< != $user or $> != $user;
}
# All that runs as this user, at once; who forks meanwhile is among them. A fork may fail while the box is full of processes.
sub end_all {
  my ($user) = @_;
  for (1 .. 50) {
    my $process = fork;
    if (defined $process and $process == 0) { become($user); kill "KILL", -1; POSIX::_exit(0) }
    if (defined $process) { waitpid $process, 0; return }
    select undef, undef, undef, 0.1;
  }
}
sub begin {
  my ($user, $number, $limit, @command) = @_;
  pipe my $from, my $to or return;
  my $home = "$homes/$user";
  mkdir $home, 0700; chown $user, $user, $home;
  my $process = fork;
  if (!defined $process) { push @free, $user; return }
  if ($process == 0) {
    POSIX::setsid();
    open STDIN, "<", "/dev/null"; open STDOUT, ">&", $to; open STDERR, ">&", $to;
    become($user); chdir $home; $ENV{HOME} = $home;
    exec "/bin/bash", "-c", 'ulimit -c 0; ulimit -f 1048576; ulimit -u 150; exec -- "$@"', "guise-trial", @command;
    POSIX::_exit(99);
  }
  close $to;
  push @running, { user => $user, number => $number, program => $command[0], process => $process, from => $from, home => $home,
    until => time + $limit, last => time + $limit + $MOST_MORE, ticks => 0, said => "", bytes => 0 };
}
# What all that runs as this user has had of the processors, in ticks.
sub ticks {
  my ($user) = @_;
  my $sum = 0;
  for my $process (glob "/proc/[0-9]*") {
    next unless ((stat $process)[4] // -1) == $user;
    open my $file, "<", "$process/stat" or next;
    my ($fields) = (<$file> // "") =~ /.*\) (.*)/s or next;
    my @fields = split / /, $fields;
    $sum += $_ // 0 for @fields[11 .. 14];
  }
  return $sum;
}
# On a busy machine what still computes has not had its time: it gets more.
sub computes {
  my ($one) = @_;
  return 0 if $one->{bytes} > $MOST or time >= $one->{last};
  my $ticks = ticks($one->{user});
  return 0 unless $ticks > $one->{ticks} + $LEAST;
  $one->{ticks} = $ticks;
  $one->{until} = time + 2;
  return 1;
}
sub hear {
  my ($one) = @_;
  my $more;
  my $bytes = sysread $one->{from}, $more, 65536;
  if (!$bytes) { close $one->{from}; $one->{from} = undef; return 0 }
  $one->{bytes} += $bytes;
  $one->{said} .= $more;
  substr($one->{said}, 0, -$KEPT) = "" if length $one->{said} > $KEPT;
  return 1;
}
sub heard_within {
  my ($wait, @some) = @_;
  my $bits = "";
  vec($bits, fileno $_->{from}, 1) = 1 for @some;
  return () unless select(my $ready = $bits, undef, undef, $wait) > 0;
  return grep { vec $ready, fileno $_->{from}, 1 } @some;
}
# What a program is run by, where it could not be started.
sub run_by {
  my ($program) = @_;
  open my $file, "<", $program or return "";
  read $file, my $line, 200;
  return $line =~ /^#!([^\n]*)/ ? "guise-trial: begins with #!$1\n" : "";
}
sub finish {
  my ($one, $how, $value) = @_;
  end_all($one->{user});
  waitpid $one->{process}, 0 if $how eq "ran";
  1 while defined $one->{from} and $one->{bytes} < 2 * $MOST and heard_within(1, $one) and hear($one);
  my $told = join "\t", $how, $one->{number}, $value;
  if ($told =~ /^(?:died|ended\t\d+\t[1-9])/) {
    $one->{said} .= "\n" . run_by($one->{program}) if $how eq "ended" and ($value == 126 or $value == 127);
    print "said\t$one->{number}\t", unpack("H*", $_), "\n" for unpack "(a1500)*", $one->{said};
  }
  print "$told\n";
  system "rm", "-rf", $one->{home};
  push @free, $one->{user};
}
while (@running or (@waiting and time < $end)) {
  begin(shift @free, @{shift @waiting}) while @free and @waiting and time < $end;
  hear($_) for heard_within(0.2, grep { defined $_->{from} } @running);
  my @going;
  for my $one (@running) {
    if (waitpid($one->{process}, POSIX::WNOHANG()) == $one->{process}) {
      my ($signal, $code) = ($? & 127, $? >> 8);
      finish($one, $signal ? ("died", $signal) : ("ended", $code));
    } elsif ((time > $one->{until} or $one->{bytes} > $MOST) and !computes($one)) { finish($one, "ran", 0) }
    else { push @going, $one }
  }
  @running = @going;
}
`;

/**
 * Ends when every command of this connection has begun. Between its fork and its exec a session's process is still the server, whose own
 * handlers take the signals that are meant for the command: of 60 sent at once 10 were lost. A hundred looks take longer than any exec;
 * a program that only bears the server's name holds nothing up for longer.
 */
export const UNTIL_BEGUN = `for look in $(seq 100); do
  left=
  for entry in /proc/[0-9]*/stat; do
    { read -r pid name state parent rest < "$entry"; } 2>/dev/null || continue
    case $parent$name in "$PPID(sshd"*) left=1 ;; esac
  done
  [ -n "$left" ] || exit 0
done`;

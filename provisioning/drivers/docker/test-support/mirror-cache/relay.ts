/** Connections to a port of this network namespace go on to a unix socket, which is the same file in all of them. Arguments: SOCKET PORT. */
import { connect, createServer } from "node:net";

const [socket = "", port = ""] = process.argv.slice(2);
createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ path: socket, allowHalfOpen: true });
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const)
    one.on("error", () => other.destroy()).pipe(other);
}).listen(Number(port), "0.0.0.0", () => process.stdout.write("listening\n"));

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A company's own authority, and a server's key with a certificate of it, as PEM. */
export interface CompanyAuthority {
  readonly authority: string;
  readonly key: string;
  readonly certificate: string;
}

/** For a server of this name ("DNS:localhost", "IP:192.0.2.1"); good for two days. */
export async function companyAuthority(name: string): Promise<CompanyAuthority> {
  const folder = await mkdtemp("/var/tmp/guise-authority-");
  try {
    const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
    const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl("req", "-x509", ...fresh, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Guise test company");
    openssl("req", ...fresh, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=server");
    await writeFile(join(folder, "names"), `subjectAltName=${name}\n`);
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "cert.pem"];
    openssl("x509", "-req", "-in", "request.pem", ...signed);
    const read = (file: string) => readFile(join(folder, file), "utf8");
    return { authority: await read("ca.pem"), key: await read("key.pem"), certificate: await read("cert.pem") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A script that serves https on localhost:8443 until `kill %1`; it needs Python. */
export function serveCompany({ key, certificate }: CompanyAuthority): string {
  return `cd /tmp; cat > server.pem <<'PEM'
${key}${certificate}PEM
python3 - 2>/dev/null <<'PYTHON' &
import http.server, ssl
server = http.server.HTTPServer(("127.0.0.1", 8443), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("server.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
PYTHON
until (exec 3<>/dev/tcp/127.0.0.1/8443) 2>/dev/null; do sleep 0.05; done
`;
}

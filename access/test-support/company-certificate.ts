import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A company's own authority, and a server's key with a certificate of it, as PEM. */
export interface CompanyCertificate {
  readonly authority: string;
  readonly key: string;
  readonly certificate: string;
}

/** For a server of these names ("DNS:localhost", "IP:127.0.0.1"); good for two days. */
export async function companyCertificate(names: readonly string[]): Promise<CompanyCertificate> {
  const folder = await mkdtemp(join(tmpdir(), "guise-certificate-"));
  try {
    const openssl = (...args: readonly string[]) => run("openssl", args, { cwd: folder });
    const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    await openssl("req", "-x509", ...fresh, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Guise test company");
    await openssl("req", ...fresh, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=server");
    await writeFile(join(folder, "names"), `subjectAltName=${names.join(",")}\n`);
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "cert.pem"];
    await openssl("x509", "-req", "-in", "request.pem", ...signed);
    const read = (file: string) => readFile(join(folder, file), "utf8");
    return { authority: await read("ca.pem"), key: await read("key.pem"), certificate: await read("cert.pem") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

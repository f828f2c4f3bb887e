import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { companyAuthority } from "./company-authority.fixture.ts";
import { addressApart, machineApart } from "./machine-apart.fixture.ts";

/** A company's package server: https by an authority of its own, and nobody gets in without a login. */
export interface PrivateRegistry {
  /** `https://…`: below it `debian/` (apt), `simple/` (Python), `npm/`. */
  readonly url: string;
  /** PEM of the authority. */
  readonly authority: string;
  /** Armored: what the lists of `debian/` are signed by; and another one, of nobody's. */
  readonly key: string;
  readonly otherKey: string;
  /** `METHOD PATH STATUS` of all that was asked. */
  asked(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** All that is secret of it begins so. */
export const SECRET = "s3cret-of-acme";
export const APT_LOGIN = { username: "acme", password: `${SECRET}/apt@1` };
export const PIP_LOGIN = { username: "acme", password: `${SECRET}/pip@1` };
export const NPM_LOGIN = { token: `${SECRET}-npm` };

const NETWORK = 79;
const PORT = 8443;

export async function privateRegistry(): Promise<PrivateRegistry> {
  const folder = await mkdtemp("/var/tmp/guise-private-");
  const { authority, key: serverKey, certificate } = await companyAuthority(`IP:${addressApart(NETWORK)}`);
  await writeFile(join(folder, "server.key"), serverKey);
  await writeFile(join(folder, "server.pem"), certificate);
  const keys = await signingKeys(folder);
  await debian(folder);
  await python(folder);
  await npm(folder);
  await writeFile(join(folder, "server.mjs"), SERVER);
  const logins = {
    "/debian/": basic(APT_LOGIN),
    "/simple/": basic(PIP_LOGIN),
    "/files/": basic(PIP_LOGIN),
    "/npm/": `Bearer ${NPM_LOGIN.token}`,
  };
  await writeFile(join(folder, "logins.json"), JSON.stringify(logins));
  const machine = await machineApart(NETWORK, join(folder, "server.mjs"), [folder, String(PORT)]);
  return {
    url: `https://${addressApart(NETWORK)}:${PORT}`,
    authority,
    ...keys,
    asked: async () => (await readFile(join(folder, "asked"), "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
    async close() {
      await machine.close();
      execFileSync("gpgconf", ["--homedir", join(folder, "gpg"), "--kill", "all"]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function signingKeys(folder: string): Promise<{ readonly key: string; readonly otherKey: string }> {
  await mkdir(join(folder, "gpg"), { mode: 0o700 });
  const gpg = (...args: readonly string[]) =>
    execFileSync(
      "gpg",
      ["--homedir", join(folder, "gpg"), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", ...args],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
  for (const name of ["acme@example.com", "other@example.com"]) gpg("--quick-generate-key", name, "ed25519", "sign", "1d");
  return { key: gpg("--armor", "--export", "acme@example.com"), otherKey: gpg("--armor", "--export", "other@example.com") };
}

/** A package with a program, in a suite that is signed. */
async function debian(folder: string): Promise<void> {
  const root = join(folder, "acme-ping");
  await mkdir(join(root, "DEBIAN"), { recursive: true });
  await mkdir(join(root, "usr/bin"), { recursive: true });
  const control = "Package: acme-ping\nVersion: 1.0\nArchitecture: all\nMaintainer: Acme <acme@example.com>\nDescription: says pong\n";
  await writeFile(join(root, "DEBIAN/control"), control);
  await writeFile(join(root, "usr/bin/acme-ping"), "#!/bin/sh\necho pong of Acme\n", { mode: 0o755 });
  const pool = join(folder, "public/debian/pool");
  const lists = join(folder, "public/debian/dists/stable");
  await mkdir(pool, { recursive: true });
  await mkdir(join(lists, "main/binary-amd64"), { recursive: true });
  execFileSync("dpkg-deb", ["--root-owner-group", "--build", root, join(pool, "acme-ping_1.0_all.deb")], { stdio: "ignore" });
  const deb = join(pool, "acme-ping_1.0_all.deb");
  const facts = `Filename: pool/acme-ping_1.0_all.deb\nSize: ${(await stat(deb)).size}\nSHA256: ${sha256(await readFile(deb))}\n`;
  const packages = `${control}${facts}`;
  await writeFile(join(lists, "main/binary-amd64/Packages"), packages);
  const arm = join(lists, "main/binary-arm64");
  await mkdir(arm);
  await writeFile(join(arm, "Packages"), packages);
  const sums = ["amd64", "arm64"].map((one) => ` ${sha256(Buffer.from(packages))} ${packages.length} main/binary-${one}/Packages`);
  const date = new Date().toUTCString().replace("GMT", "UTC");
  const release = [
    "Origin: Acme",
    "Suite: stable",
    "Codename: stable",
    `Date: ${date}`,
    "Architectures: amd64 arm64",
    "Components: main",
    "SHA256:",
  ];
  await writeFile(join(lists, "Release"), `${[...release, ...sums].join("\n")}\n`);
  const sign = ["--homedir", join(folder, "gpg"), "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""];
  const output = ["--local-user", "acme@example.com", "--clearsign", "--output", join(lists, "InRelease"), join(lists, "Release")];
  execFileSync("gpg", [...sign, ...output], { stdio: "ignore" });
}

/** A wheel with a program, one whose name the public index has too, and a source. */
async function python(folder: string): Promise<void> {
  await mkdir(join(folder, "public/files"), { recursive: true });
  await writeFile(join(folder, "wheels.py"), WHEELS);
  execFileSync("python3", [join(folder, "wheels.py"), join(folder, "public/files"), join(folder, "public/simple")]);
}

const WHEELS = `import hashlib, io, os, sys, tarfile, zipfile
files, simple = sys.argv[1:]
def page(name, file, body):
    open(files + "/" + file, "wb").write(body)
    os.makedirs(simple + "/" + name)
    digest = hashlib.sha256(body).hexdigest()
    open(simple + "/" + name + "/index.html", "w").write(f'<a href="../../files/{file}#sha256={digest}">{file}</a>')
def wheel(name, version, code, entry=""):
    module, body = name.replace("-", "_"), io.BytesIO()
    info = f"{module}-{version}.dist-info/"
    contents = {module + ".py": code, info + "METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
        info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: acme\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    if entry: contents[info + "entry_points.txt"] = f"[console_scripts]\\n{entry}\\n"
    record = "".join(f"{path},,\\n" for path in [*contents, info + "RECORD"])
    with zipfile.ZipFile(body, "w") as archive:
        for path, text in {**contents, info + "RECORD": record}.items(): archive.writestr(path, text)
    page(name, f"{module}-{version}-py3-none-any.whl", body.getvalue())
wheel("acme-tools", "1.0", "def main(): print('tools of Acme')\\n", "acme-tools = acme_tools:main")
wheel("docopt", "9.9", "__version__ = 'of Acme'\\n")
source = io.BytesIO()
with tarfile.open(fileobj=source, mode="w:gz") as archive:
    for path, text in {"acme_source-1.0/setup.py": "from setuptools import setup\\nsetup(name='acme-source', version='1.0', py_modules=['acme_source'])\\n",
            "acme_source-1.0/acme_source.py": "says = 'source of Acme'\\n",
            "acme_source-1.0/PKG-INFO": "Metadata-Version: 2.1\\nName: acme-source\\nVersion: 1.0\\n"}.items():
        member = tarfile.TarInfo(path)
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text.encode()))
page("acme-source", "acme_source-1.0.tar.gz", source.getvalue())
`;

async function npm(folder: string): Promise<void> {
  const root = join(folder, "package");
  await mkdir(root);
  const manifest = { name: "@acme/hello", version: "1.0.0", bin: { "acme-hello": "hello.js" } };
  await writeFile(join(root, "package.json"), JSON.stringify(manifest));
  await writeFile(join(root, "hello.js"), '#!/usr/bin/env node\nconsole.log("hello of Acme");\n', { mode: 0o755 });
  await mkdir(join(folder, "public/npm"), { recursive: true });
  execFileSync("tar", ["-czf", join(folder, "public/npm/hello-1.0.0.tgz"), "-C", folder, "package"]);
  const integrity = `sha512-${createHash("sha512")
    .update(await readFile(join(folder, "public/npm/hello-1.0.0.tgz")))
    .digest("base64")}`;
  const dist = { tarball: `https://${addressApart(NETWORK)}:${PORT}/npm/hello-1.0.0.tgz`, integrity };
  const document = { name: manifest.name, "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": { ...manifest, dist } } };
  await writeFile(join(folder, "public/npm/@acme%2fhello"), JSON.stringify(document));
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const SERVER = `import { appendFileSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:https";
const [folder, port] = process.argv.slice(2);
const logins = Object.entries(JSON.parse(readFileSync(folder + "/logins.json", "utf8")));
const file = (path) => { try { return statSync(path).isDirectory() ? file(path + "/index.html") : readFileSync(path); } catch { return undefined; } };
createServer({ key: readFileSync(folder + "/server.key"), cert: readFileSync(folder + "/server.pem") }, (request, answer) => {
  const login = logins.find(([place]) => request.url.startsWith(place))?.[1];
  const body = login === request.headers.authorization ? file(folder + "/public" + request.url.replace(/%2f/i, "%2f")) : undefined;
  const status = login !== request.headers.authorization ? 401 : body === undefined ? 404 : 200;
  appendFileSync(folder + "/asked", request.method + " " + request.url + " " + status + "\\n");
  const type = request.url.startsWith("/simple/") ? "text/html" : request.url.startsWith("/npm/") && !request.url.endsWith(".tgz") ? "application/json" : "application/octet-stream";
  answer.writeHead(status, { "content-type": type, ...(status === 401 ? { "www-authenticate": 'Basic realm="acme"' } : {}) }).end(body);
}).listen(Number(port), "0.0.0.0", () => console.log("listening"));
`;

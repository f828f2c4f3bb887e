import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { constants, crc32, deflateRawSync } from "node:zlib";
import { REGISTRY, type RegistryAnswer, type RegistryAnswers } from "./hostile-registry.fixture.ts";

type Files = Readonly<Record<string, string>>;

export interface PackageParts {
  /** Text by path; of npm's packages those with `#!` are programs that may be run. */
  readonly files: Files;
  /** Python: a program by `module:function`. npm: by path. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly needs?: readonly string[];
  /** Python: MiB of zeros that it has beside, which take a thousandth on the way. */
  readonly zeros?: number;
  /** How its file comes over. */
  readonly how?: RegistryAnswer["how"];
  /** The index tells another digest than it has. */
  readonly otherDigest?: boolean;
}

const VERSION = "1.0";
const HOST = `http://${REGISTRY.host}:${REGISTRY.port}`;

/** A wheel and its page in the index. */
export function wheel(
  name: string,
  { files, programs = {}, needs = [], zeros = 0, how, otherDigest = false }: PackageParts,
): RegistryAnswers {
  const module = name.replaceAll("-", "_");
  const info = `${module}-${VERSION}.dist-info`;
  const scripts = Object.entries(programs).map(([program, entry]) => `${program} = ${entry}\n`);
  const all: Files = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n${needs.map((one) => `Requires-Dist: ${one}\n`).join("")}`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: guise\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${info}/entry_points.txt`]: `[console_scripts]\n${scripts.join("")}`,
  };
  const large = zeros === 0 ? [] : [{ ...ofZeros(zeros), name: `${module}_zeros` }];
  const paths = [...Object.keys(all), ...large.map((entry) => entry.name), `${info}/RECORD`];
  const record = paths.map((path) => `${path},,\n`).join("");
  const texts = Object.entries({ ...all, [`${info}/RECORD`]: record }).map(([path, text]) => ({ ...ofText(text), name: path }));
  const body = archive([...texts, ...large]);
  const file = `${module}-${VERSION}-py3-none-any.whl`;
  const digest = createHash("sha256")
    .update(otherDigest ? "another file" : body)
    .digest("hex");
  return {
    [`/simple/${name}/`]: { type: "text/html", body: `<a href="/files/${file}#sha256=${digest}">${file}</a>` },
    [`/files/${file}`]: { type: "application/octet-stream", body, ...(how === undefined ? {} : { how }) },
  };
}

/** A package of npm and its page in the registry. */
export function npmPackage(name: string, { files, programs = {}, needs = [], how, otherDigest = false }: PackageParts): RegistryAnswers {
  const version = `${VERSION}.0`;
  const dependencies = Object.fromEntries(needs.map((one) => [one, "*"]));
  const manifest = { name, version, bin: programs, dependencies, ...(files["index.js"] === undefined ? {} : { main: "index.js" }) };
  const body = tarball({ ...files, "package.json": JSON.stringify(manifest) });
  const integrity = `sha512-${createHash("sha512")
    .update(otherDigest ? "another file" : body)
    .digest("base64")}`;
  const path = `/${name}/-/${name}-${version}.tgz`;
  const page = {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist: { tarball: `${HOST}${path}`, integrity } } },
  };
  return {
    [`/${name}`]: { type: "application/json", body: JSON.stringify(page) },
    [path]: { type: "application/octet-stream", body, ...(how === undefined ? {} : { how }) },
  };
}

/** What a zip archive says of a file, and what it has of it. */
interface Packed {
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly bytes: Buffer;
}

function ofText(text: string): Packed {
  const bytes = Buffer.from(text);
  return { method: 0, crc: crc32(bytes), size: bytes.length, bytes };
}

/** A block that ends on a byte can be repeated. */
function ofZeros(mebibytes: number): Packed {
  const zeros = Buffer.alloc(2 ** 20);
  const block = deflateRawSync(zeros, { finishFlush: constants.Z_FULL_FLUSH });
  let crc = 0;
  for (let count = 0; count < mebibytes; count++) crc = crc32(zeros, crc);
  const bytes = Buffer.concat([...Array.from({ length: mebibytes }, () => block), deflateRawSync("")]);
  return { method: 8, crc, size: mebibytes * zeros.length, bytes };
}

/** A zip archive (APPNOTE 4.3). */
function archive(files: readonly (Packed & { readonly name: string })[]): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const { name: path, method, crc, size, bytes } of files) {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    // 1980-01-01, the first day that there is.
    common.writeUInt16LE(33, 8);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);
    bodies.push(Buffer.from("PK\u0003\u0004"), common, name, bytes);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(0o100644 * 2 ** 16, 6);
    more.writeUInt32LE(at, 10);
    entries.push(Buffer.from("PK\u0001\u0002"), Buffer.from([20, 3]), common, more, name);
    at += 30 + name.length + bytes.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, directory, Buffer.from("PK\u0005\u0006"), end]);
}

function tarball(files: Files): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "guise-package-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "package", path)), { recursive: true });
    writeFileSync(join(folder, "package", path), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
  execFileSync("tar", ["-czf", join(folder, "package.tgz"), "-C", folder, "package"]);
  const bytes = readFileSync(join(folder, "package.tgz"));
  rmSync(folder, { recursive: true });
  return bytes;
}

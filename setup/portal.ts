import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the built portal is made of. */
const SOURCES = ["portal/{src,public}/**/*", "portal/*.{ts,json,html}", "contract/**/*.ts", "agent/sdk/**/*.ts", "package-lock.json"];

/** Builds the portal where its sources are others than the ones it was last built from. Rejects with what the build said. */
export async function buildPortal(root: string, report: (message: string) => void): Promise<void> {
  const marker = join(root, "portal", "dist", ".built-from");
  const hash = hashOfSources(root);
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return;
  report("building the portal");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  await run(process.execPath, [vite, "build", "--logLevel", "warn", join(root, "portal")], root);
  writeFileSync(marker, hash);
}

export function hashOfSources(root: string): string {
  const hash = createHash("sha256");
  for (const path of globSync(SOURCES, { cwd: root, exclude: (name) => name === "node_modules" }).sort()) {
    if (/\.test\.tsx?$|tsconfig/.test(path)) continue;
    const content = contentOf(join(root, path));
    if (content !== undefined) hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** Undefined for a folder. */
function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EISDIR") return undefined;
    throw error;
  }
}

function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const hear = (piece: Buffer) => {
    said = `${said}${piece}`.slice(-4000);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`the portal could not be built:\n${said.trim()}`))));
  });
}

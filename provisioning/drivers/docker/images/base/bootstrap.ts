import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { plainText } from "@guise/contract";
import {
  GUARD_PACKAGES,
  GUARD_PROGRAMS,
  type HostMirrors,
  LOCALES_PACKAGE,
  mainPackages,
  proxyVariables,
  renderAptSource,
} from "#building";
import { codeOf, systemClock } from "#foundation";
import { type BuildReport, ProvisioningError } from "#provisioning";
import { unmountBelow } from "../../engine/engine-leftovers.ts";
import { processesWith, signalProcess, untilEnded } from "../../engine/process-life.ts";
import { TOOL_VARIABLES } from "../../engine/run-tool.ts";
import { bootstrapStep } from "./bootstrap-steps.ts";

const FINISH = join(dirname(fileURLToPath(import.meta.url)), "finish-root.sh");

export interface BaseTars {
  readonly guard: string;
  readonly main: string;
}

export interface BootstrapPlace {
  /** Folder for the tars and the roots in the making; nothing else lies there. */
  readonly work: string;
  /** The folder `provisioning/inside`. */
  readonly inside: string;
}

/**
 * Makes both roots in one run of mmdebstrap (50 s of processor time; two runs take twice that). Rejects
 * `image_build_failed` with what mmdebstrap said last, `cancelled` when the signal came.
 */
export async function bootstrap(place: BootstrapPlace, mirrors: HostMirrors, report: BuildReport, signal?: AbortSignal): Promise<BaseTars> {
  await removeBootstrap(place.work);
  await mkdir(place.work, { recursive: true, mode: 0o755 });
  const temporary = await mkdtemp(join(place.work, "root-"));
  const tars = { guard: join(place.work, "guard.tar"), main: join(place.work, "main.tar") };
  const authorities = join(place.work, "authorities.pem");
  await writeFile(authorities, mirrors.authorities);
  try {
    await run(
      bootstrapArguments(place, mirrors, tars, authorities),
      { ...TOOL_VARIABLES, TMPDIR: temporary, ...proxyVariables(mirrors.proxies) },
      report,
      signal,
    );
    return tars;
  } catch (error) {
    await removeBootstrap(place.work);
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes whatever a run left, one that still goes on without its Guise included. */
export async function removeBootstrap(work: string): Promise<void> {
  const tar = join(work, "main.tar");
  for (const pid of await processesWith("mmdebstrap", tar)) signalProcess(pid, "SIGTERM");
  await untilEnded(async () => (await processesWith("mmdebstrap", tar)).length > 0, systemClock, 10_000);
  await unmountBelow(work);
  await rm(work, { recursive: true, force: true });
}

/** Manual pages and locales stay (a person reads them); other documentation does not, licenses apart. */
export function bootstrapArguments(place: BootstrapPlace, mirrors: HostMirrors, tars: BaseTars, authorities: string): string[] {
  const hook = [
    FINISH,
    '"$1"',
    tars.guard,
    join(place.inside, "guard"),
    `'${GUARD_PROGRAMS.join(" ")}'`,
    `'${GUARD_PACKAGES.join(" ")}'`,
  ].map((part, index) => (index === 1 || part.startsWith("'") ? part : shellWord(part)));
  const packages = [...mainPackages(mirrors.suite), ...GUARD_PACKAGES];
  const options = ['APT::Install-Recommends "false"', 'Acquire::Languages "none"', ...mirrors.aptOptions.map(aptOption)];
  if (mirrors.apt.some(({ uri }) => uri.startsWith("https:"))) options.push(`Acquire::https::CAInfo "${authorities}"`);
  return [
    ...["--mode=root", "--variant=apt", `--include=${packages.join(",")}`],
    ...["--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-include=/usr/share/doc/*/copyright"],
    ...options.map((option) => `--aptopt=${option}`),
    // By themselves, so that it is known what went for downloads. What fails here is tried, and told, when they are installed.
    `--essential-hook=APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qq --yes install --download-only ${packages.join(" ")} || :`,
    // A distribution may keep it where this host does not look: without it there is C.UTF-8.
    `--essential-hook=cd "$1/tmp" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qq download ${LOCALES_PACKAGE} || :`,
    `--customize-hook=${hook.join(" ")}`,
    mirrors.suite,
    tars.main,
    ...mirrors.apt.map((source) => renderAptSource(source, source.signedBy)),
  ];
}

function aptOption(assignment: string): string {
  const at = assignment.indexOf("=");
  return `${assignment.slice(0, at)} "${assignment.slice(at + 1)}"`;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>, report: BuildReport, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("mmdebstrap", args, { cwd: "/", env, stdio: ["ignore", "ignore", "pipe"] });
    const said: string[] = [];
    let downloadsSince: number | undefined;
    const stop = () => void child.kill("SIGTERM");
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted === true) stop();
    createInterface({ input: child.stderr }).on("line", (line) => {
      const clean = plainText(line);
      said.push(clean);
      if (said.length > 12) said.shift();
      report.log(clean);
      const step = bootstrapStep(clean);
      if (step === undefined) return;
      report.progress(step.message, step.percent);
      if (step.downloads === true) downloadsSince ??= performance.now();
      else if (downloadsSince !== undefined) {
        report.downloaded(performance.now() - downloadsSince);
        downloadsSince = undefined;
      }
    });
    child.once("error", (cause) => reject(startFailure(cause)));
    child.once("close", (exit) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted === true) reject(new ProvisioningError("cancelled", "the base image's build was cancelled"));
      else if (exit === 0) resolve();
      else reject(new ProvisioningError("image_build_failed", `the base image could not be made:\n${said.join("\n")}`));
    });
  });
}

function startFailure(cause: Error): ProvisioningError {
  const missing = codeOf(cause) === "ENOENT";
  const message = missing ? "mmdebstrap is not installed. Type: apt-get install mmdebstrap" : "mmdebstrap did not start";
  return new ProvisioningError("image_build_failed", message, { cause });
}

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DEFAULT_LIMITS, type Limits } from "#broker";

/** As many as a large installation needs: each connection is one. */
const WANTED = 65_536;
/** For the database, the log, the engine's streams and the programs that Guise starts. */
const OWN = 512;

/**
 * How many files this process may have open. Node raises its soft limit to the hard one by itself at start; the hard one is raised here
 * where this user may, and else stays: then fewer connections are taken.
 */
export function raiseOpenFiles(): number {
  const had = openFilesLimit();
  if (had >= WANTED) return had;
  spawnSync("prlimit", ["--pid", String(process.pid), `--nofile=${WANTED}:${WANTED}`], { stdio: "ignore" });
  return openFilesLimit();
}

function openFilesLimit(): number {
  const soft = /^Max open files[ \t]+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft ?? 1024);
}

/** So many connections that files are left for everything else, whatever comes. Pure. */
export function connectionLimits(openFiles: number): Pick<Limits, "strangerConnections" | "connections" | "streams"> {
  const forConnections = Math.max(64, openFiles - OWN) / 2;
  const connections = Math.floor(Math.min(DEFAULT_LIMITS.connections, forConnections * 0.8));
  return {
    strangerConnections: Math.floor(Math.min(DEFAULT_LIMITS.strangerConnections, forConnections * 0.2)),
    connections,
    streams: Math.min(DEFAULT_LIMITS.streams, connections),
  };
}

/**
 * Makes the logs that the Log Investigator's sample task brings in: `node data/make-shop-logs.ts [folder]`.
 * An hour of a small shop: what its web server wrote of each request, and what its application wrote, one JSON object a line.
 * From 14:20 to 14:32 the payment gateway does not answer. The same every time: nothing in it is by chance or of a real shop.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const BEGIN = Date.parse("2025-09-09T14:00:00Z");
const MINUTES = 60;
const OUTAGE = { from: 20, to: 32 };

const PAGES = [
  { method: "GET", path: "/", bytes: 5120, ms: 12 },
  { method: "GET", path: "/products", bytes: 18_432, ms: 31 },
  { method: "GET", path: "/products/two-person-tent", bytes: 9216, ms: 18 },
  { method: "GET", path: "/products/trail-boots", bytes: 8704, ms: 17 },
  { method: "POST", path: "/cart", bytes: 512, ms: 22 },
  { method: "POST", path: "/checkout", bytes: 1024, ms: 140 },
] as const;

interface Request {
  readonly at: number;
  readonly id: string;
  readonly client: string;
  readonly page: (typeof PAGES)[number];
  readonly status: number;
  readonly ms: number;
}

/** A linear congruential generator (Numerical Recipes): the same numbers on every machine. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function requests(): Request[] {
  const next = numbersFrom(20_250_909);
  const made: Request[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    const at = Array.from({ length: 14 + next(8) }, () => BEGIN + minute * 60_000 + next(60_000)).sort((a, b) => a - b);
    for (const time of at) {
      const page = PAGES[Math.min(next(9), PAGES.length - 1)] ?? PAGES[0];
      const failing = page.path === "/checkout" && minute >= OUTAGE.from && minute < OUTAGE.to;
      made.push({
        at: time,
        id: (made.length + 4096).toString(16),
        client: `192.0.2.${10 + next(90)}`,
        page,
        status: failing ? 502 : next(60) === 0 ? 404 : 200,
        ms: failing ? 10_000 + next(40) : page.ms + next(page.ms),
      });
    }
  }
  return made;
}

function accessLine({ at, client, page, status, ms, id }: Request): string {
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const time = new Date(at);
  const day = `${String(time.getUTCDate()).padStart(2, "0")}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${client} - - [${day}:${time.toISOString().slice(11, 19)} +0000] "${page.method} ${page.path} HTTP/1.1" ${status} ${status === 200 ? page.bytes : 157} "-" "shop-test/1.0" ${id} ${(ms / 1000).toFixed(3)}`;
}

function applicationLine({ at, page, status, ms, id }: Request): string {
  const common = { time: new Date(at + ms).toISOString(), request: id, path: page.path, status, duration_ms: ms };
  if (status === 502)
    return JSON.stringify({ level: "error", ...common, upstream: "payments.example.com", message: "payment gateway timed out after 10 s" });
  return JSON.stringify({ level: status === 404 ? "warning" : "info", ...common, message: `${page.method} ${page.path}` });
}

const folder = process.argv[2] ?? join(import.meta.dirname, "..", "personas", "tasks");
const made = requests();
writeFileSync(join(folder, "shop-access.log"), `${made.map(accessLine).join("\n")}\n`);
writeFileSync(join(folder, "shop-application.jsonl"), `${made.map(applicationLine).join("\n")}\n`);

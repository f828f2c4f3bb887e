import { ProvisioningError } from "#provisioning";

const ASKED = /^asked\t([A-Za-z0-9@/._~-]{1,214})\t([A-Za-z0-9._-]{1,253})$/;
const MOST = 200;
/** Packages of this kind come with a browser, which Debian has. */
const BROWSERS = /puppeteer|playwright|chromedriver/;

/** Packages whose install scripts wanted something from elsewhere, did not get it, and went on as if nothing had been. */
export class Swallowed {
  readonly #asked = new Map<string, Set<string>>();

  /** Whether the line was one of `TELL_ASKED`. */
  push(line: string): boolean {
    const [, name = "", host = ""] = ASKED.exec(line) ?? [];
    if (name === "") return line.startsWith("asked\t");
    const hosts = this.#asked.get(name) ?? new Set();
    if (this.#asked.size < MOST && hosts.size < MOST) this.#asked.set(name, hosts.add(host));
    return true;
  }

  /** Rejects `image_build_failed` with all that the author has not accepted. `accepted`: names of packages. */
  require(accepted: readonly string[]): void {
    const found = [...this.#asked].filter(([name]) => !accepted.includes(name));
    if (found.length === 0) return;
    const told = found.slice(0, 5).map(([name, hosts]) => `${name} asked for ${[...hosts].sort().slice(0, 3).join(", ")}`);
    const more = found.length > told.length ? `, and ${found.length - told.length} more` : "";
    const names = found.map(([name]) => `"npm:${name}"`).join(", ");
    const help = found.some(([name]) => BROWSERS.test(name)) ? '"apt:chromium" beside it brings a browser; ' : "";
    const one = found.length === 1 ? "its install script" : "their install scripts";
    const message = `${told.join("; ")}${more}: no build reaches that, and ${one} went on without it, so something may be missing; ${help}where it is not needed, write "accepted_gaps": [${names}]`;
    throw new ProvisioningError("image_build_failed", message, { detail: { packages: found.map(([name]) => name) } });
  }
}

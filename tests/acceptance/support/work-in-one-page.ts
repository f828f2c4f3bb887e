import type { FrameLocator, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { type Person, TerminalOnPage } from "./browser.ts";
import { DisplayOnPage } from "./display-on-page.ts";
import { SentPieces } from "./sent-pieces.ts";
import { tinyPersona, type World } from "./world.ts";

const HOME = "/home/user";
/** Where programs inside end, and where the window changes. */
const END = `${HOME}/end`;
const CHANGE = `${HOME}/change`;
const TYPED = `${HOME}/typed`;
const RED = "205,0,0";
/** How long something is looked for; that it is there sooner is the measurement. */
const PATIENCE = { timeout: 60_000, interval: 100 };

const COUNTING = `i=0; until test -e ${END}; do i=$((i+1)); echo "term-$i"; sleep 0.1; done; echo all-''said`;
const CELL = `exec("import os, time\\ni = 0\\nwhile not os.path.exists('${END}'):\\n i += 1\\n print(f'cell-{i}')\\n time.sleep(0.1)\\nprint('all-said')")`;
const WATCHING = `until test -e ${CHANGE}; do sleep 0.1; done; printf '\\033[41m\\033[2J'; read said; echo "$said" > ${TYPED}; exec cat`;

/** The last that the notebook and the terminal show. */
export interface Shown {
  readonly cell: number;
  readonly term: number;
}

/** Ms until each had gone on. */
export interface WentOn {
  readonly terminal: number;
  readonly notebook: number;
  readonly desktop: number;
  readonly upload: number;
}

/** A terminal, a notebook with a running cell, a desktop application and an upload, open in one page; each goes on by itself. */
export class WorkInOnePage {
  readonly #page: Page;
  readonly #world: World;
  readonly #workspace: string;
  readonly #pieces: SentPieces;

  private constructor(page: Page, world: World, workspace: string) {
    this.#page = page;
    this.#world = world;
    this.#workspace = workspace;
    this.#pieces = new SentPieces(page);
  }

  static persona(): Record<string, unknown> {
    return tinyPersona({
      persona_id: "busy",
      persona_name: "Busy",
      required_applications: ["jupyterlab", "apt:xterm"],
      application_configuration: {},
      applications: { window: { kind: "desktop", name: "Window", command: ["xterm", "-e", "sh", "-c", WATCHING] } },
      resource_requirements: { cpu: "1", ram: "1Gi", storage: "3Gi", network_bandwidth: "100Mbit" },
      environments: {},
      access_controls: {},
      launch: [],
    });
  }

  /** `upload`: a file on the person's machine, large enough to be on its way still. */
  static async begin({ page }: Person, world: World, upload: string): Promise<WorkInOnePage> {
    await page.getByRole("button", { name: "Open Busy", exact: true }).click({ timeout: 900_000 });
    await page.getByRole("button", { name: "Open Window" }).click({ timeout: 120_000 });
    const work = new WorkInOnePage(page, world, /w-[a-z2-7]{20}/.exec(page.url())?.[0] ?? expect.fail(`no workspace in ${page.url()}`));
    await DisplayOnPage.on(page);
    await page.getByRole("button", { name: "Open JupyterLab" }).click();
    await work.#runCell();
    await page.getByRole("button", { name: "Open Shell" }).click();
    const terminal = await TerminalOnPage.on(page);
    await terminal.shows("$");
    await terminal.type(`${COUNTING}\n`);
    await terminal.shows(/term-\d/);
    await page.getByRole("tab", { name: "Files" }).click();
    await page.locator('input[type="file"]').first().setInputFiles(upload);
    await work.#pieces.more(1);
    await page.getByRole("tab", { name: "JupyterLab" }).click();
    await page.getByRole("button", { name: "Two tabs side by side" }).click();
    await page.getByRole("menuitem", { name: "Shell" }).click();
    return work;
  }

  /** Once the terminal and the window are told to be lost something is changed inside, by nobody who needs Guise. */
  async changeWhileLost(): Promise<Shown> {
    const lost = this.#page.locator('[data-state="lost"]');
    await expect.poll(() => lost.count(), { ...PATIENCE, message: "what is told to be lost" }).toBe(2);
    const shown = await this.#shown();
    await this.#change();
    return shown;
  }

  async #shown(): Promise<Shown> {
    return { cell: await this.#last("cell"), term: await this.#last("term") };
  }

  async #change(): Promise<void> {
    await this.#world.inside(this.#workspace, `touch ${CHANGE}`);
  }

  /** Ms from now until each shows more than it did. */
  async goesOn(before: Shown): Promise<WentOn> {
    const began = performance.now();
    const until = async (what: string, look: () => Promise<boolean>) => {
      await expect.poll(look, { ...PATIENCE, message: `${what} goes on` }).toBe(true);
      return performance.now() - began;
    };
    const pieces = this.#pieces.offsets.length;
    const [upload, terminal, notebook, desktop] = await Promise.all([
      until("the upload", async () => this.#pieces.offsets.length > pieces),
      until("the terminal", async () => (await this.#last("term")) > before.term),
      until("the notebook", async () => (await this.#last("cell")) > before.cell),
      until("the window", async () => (await this.#color()) === RED),
    ]);
    return { terminal, notebook, desktop, upload };
  }

  /** Ends the programs; everything that they said is there, in order, and the window takes what is typed. */
  async expectWhole(): Promise<void> {
    await this.#world.guise("exec", this.#workspace, "--", "touch", END);
    await this.#lab.locator("pre").filter({ hasText: "all-said" }).waitFor({ timeout: 60_000 });
    expectCounted(await this.#output(), "cell");
    await this.#page.getByRole("tab", { name: "Shell" }).click();
    const terminal = await TerminalOnPage.on(this.#page);
    await terminal.shows("all-said");
    expectCounted(await terminal.everything(), "term");
    await this.#page.getByRole("tab", { name: "Window" }).click();
    const display = await DisplayOnPage.on(this.#page);
    await display.type("typed after\n");
    const typed = async () => (await this.#world.guise("exec", this.#workspace, "--", "cat", TYPED)).stdout;
    await expect.poll(typed).toBe("typed after\n");
  }

  /** Waits for the end of the upload: nothing that was confirmed was sent twice, and inside is what was sent. */
  async expectUploaded(name: string, digest: string): Promise<void> {
    await this.#page.getByRole("tab", { name: "Files" }).click();
    await this.#page.getByText(/, done$/).waitFor({ timeout: 900_000 });
    const { offsets } = this.#pieces;
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
    expect((await this.#world.guise("exec", this.#workspace, "--", "sha256sum", name)).stdout.slice(0, 64)).toBe(digest);
  }

  get #lab(): FrameLocator {
    return this.#page.frameLocator('iframe[title="JupyterLab"]');
  }

  #panel(name: string): Locator {
    return this.#page.getByRole("tabpanel", { name, includeHidden: true });
  }

  async #last(said: "term" | "cell"): Promise<number> {
    const rows = said === "cell" ? await this.#output() : await this.#panel("Shell").locator(".xterm-rows > div").allTextContents();
    return countedIn(rows, said).at(-1) ?? 0;
  }

  async #output(): Promise<readonly string[]> {
    return (await this.#lab.locator(".jp-OutputArea-output pre").allTextContents()).join("").split("\n");
  }

  /** What the window has in its middle. */
  #color(): Promise<string> {
    const middle = (canvas: HTMLCanvasElement) =>
      [...(canvas.getContext("2d")?.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data ?? [])].slice(0, 3).join(",");
    return this.#panel("Window").locator("canvas").first().evaluate(middle);
  }

  async #runCell(): Promise<void> {
    const lab = this.#lab;
    await lab.locator('[data-category="Notebook"]').first().click({ timeout: 120_000 });
    await lab.getByText("Python 3 (ipykernel) | Idle").waitFor({ timeout: 120_000 });
    await lab.locator(".cm-content").first().click();
    await this.#page.keyboard.insertText(CELL);
    await this.#page.keyboard.press("Shift+Enter");
    await lab.locator(".jp-OutputArea-output pre").filter({ hasText: "cell-" }).waitFor({ timeout: 60_000 });
  }
}

function countedIn(rows: readonly string[], said: string): readonly number[] {
  return rows.flatMap((row) => {
    const number = row.replaceAll("\u00a0", " ").trim().split(`${said}-`)[1];
    return number === undefined || !/^\d+$/.test(number) ? [] : [Number(number)];
  });
}

/** Each number, in its order; a terminal is read page by page, and a page begins with what the one before ended with. */
function expectCounted(rows: readonly string[], said: string): void {
  const counted = countedIn(rows, said);
  const most = counted.at(-1) ?? 0;
  expect(most).toBeGreaterThan(10);
  expect([...new Set(counted)].sort((a, b) => a - b)).toEqual(Array.from({ length: most }, (_, at) => at + 1));
  if (said === "cell") expect(counted.length).toBe(most);
}

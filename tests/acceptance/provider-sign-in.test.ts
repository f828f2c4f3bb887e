/** A real browser, a certified identity provider with pages of its own, and Guise really started, on the simulated engine. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CertifiedProvider, CLIENT, CLIENT_SECRET, openCertifiedProvider } from "#access/certified-provider";
import { expectAccessible, openBrowser, personWith } from "./support/browser.ts";
import { beginCommand } from "./support/command.ts";
import { SimulatedGuise } from "./support/simulated-guise.ts";

let provider: CertifiedProvider;
let guise: SimulatedGuise;
let browser: Browser;

beforeAll(async () => {
  guise = await SimulatedGuise.start(async (port, folder) => {
    provider = await openCertifiedProvider({ returnTo: `http://guise.localhost:${port}/v1/sign-in/provider/return` });
    writeFileSync(join(folder, "client"), `${CLIENT_SECRET}\n`, { mode: 0o600 });
    return {
      ...{ GUISE_ISSUER: provider.issuer, GUISE_ISSUER_CLIENT: CLIENT, GUISE_ISSUER_CLIENT_SECRET: `file:${join(folder, "client")}` },
      ...{ GUISE_ISSUER_NAME: "Example Ltd", GUISE_ISSUER_ROLES: "guise-user=user" },
    };
  });
  provider.people.set("ann", { preferred_username: "ann.lee", groups: ["analytics"], roles: ["guise-user"] });
  provider.people.set("bob", { preferred_username: "bob", groups: ["sales"], roles: [] });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await guise.close();
  await provider.close();
});

const signInThere = async (page: Page, login: string) => {
  await page.getByRole("link", { name: "Sign in with Example Ltd" }).click();
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
};

test("a person signs in at the provider, is back on the page that was wanted, and signs out", async () => {
  const { page, faults } = await personWith(browser);
  await page.goto(`${guise.origin}/preferences`);
  await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
  await expectAccessible(page, "sign-in at a provider");
  await signInThere(page, "ann");
  await page.waitForURL(`${guise.origin}/preferences`);
  // The look at who is signed in, which was refused, and what the provider's own pages complain of.
  faults.length = 0;
  await page.getByRole("button", { name: /ann\.lee/ }).click();
  await page.getByRole("menuitem", { name: "Sign out of this browser" }).click();
  await page.getByRole("link", { name: "Sign in with Example Ltd" }).waitFor();
  expect(new URL(page.url()).search).toBe("");
  expect(faults).toEqual([]);
});

test("the command on a machine without a browser is signed in as who allows it, and is refused by who does not", async () => {
  const { page, faults } = await personWith(browser);
  const credentials = join(guise.folder, "another.json");
  const login = beginCommand(["login", "--broker", `http://127.0.0.1:${guise.port}`], credentials);
  const { link = "" } = await login.matched(/Open (?<link>\S+)/);
  await page.goto(link);
  await signInThere(page, "ann");
  await page.getByText(/wants to be signed in as/).waitFor();
  faults.length = 0;
  await expectAccessible(page, "a program that asks");
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByText("It is signed in as you.").waitFor();
  expect(await login.ended).toMatchObject({ exit: 0, stdout: "signed in as ann.lee (user)\n" });
  expect((await beginCommand(["ps"], credentials).ended).exit).toBe(0);

  const another = beginCommand(["login", "--broker", `http://127.0.0.1:${guise.port}`], credentials);
  const { code = "" } = await another.matched(/the code (?<code>[A-Z-]+)/);
  await page.goto(`${guise.origin}/device`);
  await page.getByLabel("Code").fill(code.toLowerCase());
  await page.getByRole("button", { name: "Look at it" }).click();
  await page.getByRole("button", { name: "Refuse" }).click();
  await page.getByText("It was refused").waitFor();
  expect((await another.ended).exit).not.toBe(0);
  expect(faults).toEqual([]);
});

test("who has no role here, and who cancels, is told so on a page", async () => {
  const { page } = await personWith(browser, { viewport: { width: 360, height: 780 }, colorScheme: "dark" });
  await page.goto(`${guise.origin}/sign-in`);
  await signInThere(page, "bob");
  await page
    .getByRole("alert")
    .getByText(/gives you no role here/)
    .waitFor();
  await expectAccessible(page, "a refused sign-in");
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("__Host-guise-session");

  const another = await personWith(browser);
  await another.page.goto(`${guise.origin}/sign-in`);
  await another.page.getByRole("link", { name: "Sign in with Example Ltd" }).click();
  await another.page.getByRole("link", { name: "Cancel" }).click();
  await another.page.getByRole("alert").getByText("The identity provider did not sign you in.").waitFor();
});

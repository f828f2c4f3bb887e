/**
 * Makes the repository that the Code Reviewer's sample task brings in: `node data/make-price-check.ts [file]`.
 * Two commits, the second of which has something to find; a Git bundle, so that it is one file.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BEFORE = `"""Prices of the sample shop."""


def total(prices: list[int]) -> int:
    """Sum of all prices, in whole currency units."""
    return sum(prices)
`;

const AFTER = `"""Prices of the sample shop."""
import os, sys


def total(prices: list[int]) -> int:
    """Sum of all prices, in whole currency units."""
    return sum(prices)


def discounted(prices, percent=[10]):
    # TODO: what if percent is above 100?
    try:
        return [price - price * percent[0] / 100 for price in prices]
    except:
        return None
`;

const COMMITS = [
  { date: "2025-03-03T09:00:00Z", message: "Add total of prices", content: BEFORE },
  { date: "2025-03-04T15:30:00Z", message: "Add discount", content: AFTER },
] as const;

const PERSON = { GIT_AUTHOR_NAME: "Sample Author", GIT_AUTHOR_EMAIL: "author@example.com" };

export function writePriceCheck(bundle: string): void {
  const folder = mkdtempSync(join(tmpdir(), "price-check-"));
  const git = (words: readonly string[], date: string) =>
    execFileSync("git", ["-C", folder, ...words], {
      env: {
        PATH: "/usr/local/bin:/usr/bin:/bin",
        GIT_CONFIG_GLOBAL: "/dev/null",
        ...PERSON,
        GIT_COMMITTER_NAME: PERSON.GIT_AUTHOR_NAME,
        GIT_COMMITTER_EMAIL: PERSON.GIT_AUTHOR_EMAIL,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    });
  try {
    git(["init", "--quiet", "--initial-branch=main"], COMMITS[0].date);
    mkdirSync(join(folder, "shop"));
    for (const { date, message, content } of COMMITS) {
      writeFileSync(join(folder, "shop", "prices.py"), content);
      git(["add", "--all"], date);
      git(["commit", "--quiet", `--message=${message}`], date);
    }
    git(["bundle", "create", "--quiet", bundle, "main"], COMMITS[0].date);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) writePriceCheck(process.argv[2] ?? join(import.meta.dirname, "..", "personas", "tasks", "price-check.bundle"));

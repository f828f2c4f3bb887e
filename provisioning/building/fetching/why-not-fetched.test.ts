import { expect, test } from "vitest";
import { ProvisioningError } from "#provisioning";
import { FetchFailureReader } from "./why-not-fetched.ts";

const failed = (exit: number, phase = "fetch") =>
  new ProvisioningError("image_build_failed", "frob could not be fetched:\n…", { detail: { exit, phase } });
const ANOTHER =
  "the mirror gave another file than its index names (its digest differs), and it was not taken; try again later, or tell whoever runs the mirror";
const BROKE = "the mirror broke off in the middle, however often it was asked; try again later, or tell whoever runs the mirror";
const SILENT = "the mirror gave nothing for too long, however often it was asked; try again later, or tell whoever runs the mirror";

/** As uv 0.13, npm 11 and apt 2.6 say it. */
test.each([
  [
    "uv, another file",
    ["error: Failed to download `frob==1.0`", "  cause: Hash mismatch for `frob==1.0`", "         Expected:"],
    `frob==1.0 could not be fetched: ${ANOTHER}`,
  ],
  [
    "uv, cut",
    [
      "error: Failed to download `frob-cut==1.0`",
      "  cause: Failed to write to the distribution cache",
      "  cause: end of file before message length reached",
    ],
    `frob-cut==1.0 could not be fetched: ${BROKE}`,
  ],
  [
    "uv, cut while it resolves",
    [
      "error: Request failed after 3 retries in 10.3s",
      "  cause: Failed to fetch: http://me:secret@mirror.example/files/frob_cut-1.0-py3-none-any.whl",
      "  cause: connection closed before message completed",
    ],
    `frob_cut-1.0-py3-none-any.whl could not be fetched: ${BROKE}`,
  ],
  [
    "uv, silent",
    ["error: Failed to download `frob==1.0`", "  cause: Failed to download distribution", "  cause: operation timed out"],
    `frob==1.0 could not be fetched: ${SILENT}`,
  ],
  [
    "npm, another file",
    [
      "npm http fetch GET http://mirror.example/frob/-/frob-1.0.0.tgz attempt 1 failed with EINTEGRITY",
      "npm warn tarball tarball data for frob@http://mirror.example/frob/-/frob-1.0.0.tgz (sha512-DHyax) seems to be corrupted. Trying again.",
      "npm error code EINTEGRITY",
    ],
    `frob-1.0.0.tgz could not be fetched: ${ANOTHER}`,
  ],
  [
    "npm, for another system",
    [
      "npm http fetch GET http://mirror.example/eslint attempt 1 failed with ECONNRESET",
      "npm error code EBADPLATFORM",
      'npm error notsup Unsupported platform for @parcel/watcher-darwin-x64@2.3.3: wanted {"os":"darwin"} (current: {"os":"linux"})',
    ],
    "@parcel/watcher-darwin-x64@2.3.3 could not be fetched: its authors made it for another system or another kind of processor than a workspace has; leave it out",
  ],
  [
    "npm, no such version",
    ["npm error code ETARGET", "npm error notarget No matching version found for frob@^99.1.", "npm error notarget In most cases you or"],
    "frob@^99.1 could not be fetched: there is no such version of it; take another version of it, or of what needs it",
  ],
  ["npm, cut", ["npm error code ECONNRESET", "npm error network aborted"], `packages could not be fetched: ${BROKE}`],
  [
    "apt, another file",
    ["E: Failed to fetch http://mirror.example/pool/j/jq_1.6-2_amd64.deb  Hash Sum mismatch"],
    `jq_1.6-2_amd64.deb could not be fetched: ${ANOTHER}`,
  ],
  [
    "a full disk",
    ["cause: No space left on device (os error 28)"],
    "packages could not be fetched: the disk is full; remove what is not needed any more, and try again",
  ],
])("%s: one sentence", (_, lines, message) => {
  const reader = new FetchFailureReader();
  for (const line of lines) reader.push(line);
  expect(reader.told(failed(1), "packages")).toMatchObject({ code: "image_build_failed", message, detail: { phase: "fetch" } });
});

test("what was killed took too much memory; other failures are told as they were", () => {
  const reader = new FetchFailureReader();
  reader.push("/run/guise-build/fetch: line 9: 77 Killed");
  expect(reader.told(failed(137), "frob")).toMatchObject({
    message: expect.stringMatching(/^frob could not be fetched: that takes more memory/),
  });
  for (const error of [
    failed(1),
    failed(1, "install"),
    new Error("x"),
    new ProvisioningError("mirror_unreachable", "no package mirror answers"),
  ])
    expect(reader.told(error, "frob")).toBe(error);
});

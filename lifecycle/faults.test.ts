import { expect, test } from "vitest";
import { PROVISIONING_ERRORS, ProvisioningError, type ProvisioningErrorCode } from "#provisioning";
import { RETRY_DELAYS, verdictOf } from "./faults.ts";

const fault = (code: ProvisioningErrorCode) => new ProvisioningError(code, `it was ${code}`);

test("an engine that does not answer is waited for, however often", () => {
  expect(verdictOf(fault("engine_unreachable"), 99)).toEqual({ kind: "wait", message: "it was engine_unreachable" });
});

test("room on the disk is waited for, however often", () => {
  for (const attempts of [0, 99])
    expect(verdictOf(fault("disk_full"), attempts)).toEqual({ kind: "retry", delay: 15_000, message: "it was disk_full" });
});

test.each(Object.entries(PROVISIONING_ERRORS).filter(([code]) => code !== "engine_unreachable" && code !== "disk_full"))(
  "%s: retried only when that may mend it, three times",
  (code, { retry }) => {
    const error = fault(code as ProvisioningErrorCode);
    expect(verdictOf(error, 0).kind).toBe(retry ? "retry" : "fail");
    expect(RETRY_DELAYS.map((_, attempts) => verdictOf(error, attempts)).filter(({ kind }) => kind === "retry")).toHaveLength(
      retry ? 3 : 0,
    );
    expect(verdictOf(error, RETRY_DELAYS.length)).toMatchObject({ kind: "fail", message: `it was ${code}` });
  },
);

test("what is no fault of provisioning is ours, and is not retried", () => {
  expect(verdictOf(new Error("oops"), 0)).toEqual({ kind: "fail", reason: "start_failed", message: "a fault in Guise: oops" });
});

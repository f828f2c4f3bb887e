import { test } from "vitest";
import { brokenUpload, expectWhole } from "./support/broken-upload.ts";

test("1 GiB goes on after a lost network, a pause, a killed Guise and a reload, and is whole", { timeout: 1_200_000 }, async () => {
  const began = performance.now();
  const upload = await brokenUpload(1024);
  expectWhole(upload);
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `uploads: 1 GiB in ${upload.offsets.length} pieces, ${Math.round(upload.afterRestart)} ms after the restart, ${seconds} s with all\n`,
  );
});

import { test } from "vitest";
import { brokenUpload, expectWhole } from "./support/broken-upload.ts";

/** Slow: an image is built, and Guise is killed and started again while a browser sends a large file. */
test("a large upload goes on after a lost network, a pause, a killed Guise and a reload, and is whole", async () => {
  expectWhole(await brokenUpload(88));
});

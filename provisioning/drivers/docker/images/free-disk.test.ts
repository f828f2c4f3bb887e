import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireFreeDisk } from "./free-disk.ts";

test("a build is refused on a disk that it could fill, with both figures and what to do", async () => {
  await requireFreeDisk(join(tmpdir(), "not", "there", "yet"), 1);
  await expect(requireFreeDisk(tmpdir(), 2 ** 60)).rejects.toMatchObject({
    code: "disk_full",
    message: expect.stringMatching(/needs .+; .+ has .+; to make room: guise admin images collect/),
  });
});

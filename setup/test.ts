/** `npm test`: brings what the tests need, runs all of them but the long ones (`--long`: those alone), and ends with one line `N passed, N failed`. */
import { dirname } from "node:path";
import { bringDevelopmentNeeds } from "./development-needs.ts";
import { ProgressLines } from "./progress-lines.ts";
import { slowestFiles } from "./slowest-files.ts";
import { outcomeOf, runTests, testRuns } from "./test-runs.ts";

const ROOT = dirname(import.meta.dirname);
const lines = new ProgressLines(process.stdout);

const began = Date.now();
await bringDevelopmentNeeds(ROOT, lines);
const ran = await Promise.all(testRuns(process.argv.slice(2), process.env.GUISE_TEST_SLOT).map((run) => runTests(ROOT, run)));
const { passed, failed, skipped, files } = outcomeOf(ran);
for (const line of slowestFiles(files, ROOT)) lines.done(line);
lines.done(`tests took ${Math.round((Date.now() - began) / 1000)} s`);
lines.done(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
process.exitCode = failed === 0 ? 0 : 1;

import { PACKAGE_MANAGERS } from "@guise/contract";
import type { ImageLayer } from "#provisioning";
import { BUILD_FOLDER, closedVariables, FETCHED_FOLDER, setupScript } from "../box/build-files.ts";
import { runInBox } from "../box/run-in-box.ts";
import type { BuildBox } from "../build-box.ts";
import { MANAGERS, packageName } from "../managers/index.ts";
import { ContentsReader, type ImageContents } from "./image-contents.ts";

/** Asks the finished image what is in it, manager by manager; apt always, the others where the plan uses them. */
export async function listContents(box: BuildBox, layers: readonly ImageLayer[], signal: AbortSignal): Promise<ImageContents> {
  const reader = new ContentsReader();
  for (const manager of PACKAGE_MANAGERS) {
    const own = layers.filter((layer) => layer.manager === manager);
    if (own.length === 0 && manager !== "apt") continue;
    const named = own.flatMap(({ application, packages }) =>
      packages.map((argument) => [argument, packageName(manager, argument), MANAGERS[manager].folder(application)].join("\t")),
    );
    const files = [
      { name: "named", content: named.map((line) => `${line}\n`).join("") },
      { name: "list", content: `. ${BUILD_FOLDER}/variables\n${MANAGERS[manager].list}\n` },
    ];
    await runInBox(box, ["-s"], {
      input: setupScript(files, closedVariables({ target: "/" })),
      failure: "the image could not be asked",
      signal,
    });
    await runInBox(box, [`${BUILD_FOLDER}/list`], {
      failure: `${manager} could not say what is in the image:`,
      signal,
      onLine: (line) => {
        reader.push(manager, line);
        return "words";
      },
    });
  }
  await runInBox(box, ["-c", `rm -rf ${BUILD_FOLDER} ${FETCHED_FOLDER}`], { failure: "the list could not be removed", signal });
  return reader.end();
}

import type { DesktopProof, Profession } from "./proof.ts";

const PAGE =
  '<form action="/typed"><input name="words" autofocus></form><script>fetch("/asks-for-" + navigator.languages.join("-"))</script>';

/** A page of the workspace's own is opened and typed in; what its server was asked for is seen. */
function opened(port: number, settings: DesktopProof["settings"]): DesktopProof {
  const folder = `site-${port}`;
  return {
    kind: "desktop",
    settings,
    prepares: [
      `mkdir -p ${folder} && echo '${PAGE}' > ${folder}/index.html`,
      `setsid python3 -m http.server --bind 127.0.0.1 --directory ${folder} ${port} < /dev/null > ${folder}/asked 2>&1 &`,
    ],
    arguments: [`http://127.0.0.1:${port}/`],
    keys: ["hello", "<enter>"],
    does: [[`cat ${folder}/asked`, /GET \/asks-for-fr[\s\S]*GET \/typed\?words=hello /]],
  };
}

/** Browsers with a window. */
export const browsers: Profession = {
  persona: "browsers",
  packages: ["apt:python3"],
  applications: {
    firefox: opened(8001, { languages: "fr, de", start_page: "about:blank" }),
    "chromium-desktop": opened(8002, { languages: "fr,de", download_folder: "~/fetched" }),
  },
};

import { CHECK_PYTHON, COMPILE, listPython, pythonPackageName, readPythonStep } from "../python/python-scripts.ts";
import { FETCH_UV, INSTALL_LOCKED, UV_INSTALL } from "../python/uv.ts";
import { ASK_SOURCES } from "./ask-sources.ts";
import { DOWNLOAD } from "./download.ts";
import type { LayerManager } from "./layer-manager.ts";
import { ownFolder } from "./own-folder.ts";

const FOLDER = "/opt/guise/pipx";

// uv fetches and unpacks in a quarter of the time of `pip download` and a later installation. It resolves by itself; only where that finds nothing
// is the program resolved as an environment is, with wheels built of sources.
const FETCH = `${FETCH_UV}
python3 -m venv --without-pip $target
if [[ -s $B/locked || -d $F/wheels ]]; then
  ${INSTALL_LOCKED}
else
  uv pip install ${UV_INSTALL} --python $target/bin/python -- "\${packages[@]}" 2>&1
fi`;

const INSTALL = `${COMPILE}
for program in $target/bin/*; do
  name=\${program##*/}
  case $name in python* | pip* | activate* | Activate* | deactivate*) ;; *) [[ -e /usr/local/bin/$name ]] || ln -s "$program" "/usr/local/bin/$name" ;; esac
done`;

/** Python programs that stand alone, each in an environment of its own. */
export const pipx: LayerManager = {
  fetch: FETCH,
  install: INSTALL,
  fetched: ["$target"],
  list: listPython(`${FOLDER}/*`, '"/usr/local/bin"'),
  check: `${DOWNLOAD}
${ASK_SOURCES}
${CHECK_PYTHON}`,
  folder: (application) => ownFolder(FOLDER, application),
  readStep: readPythonStep,
  packageName: pythonPackageName,
};

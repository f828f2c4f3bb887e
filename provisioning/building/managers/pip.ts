import { CHECK_PYTHON, COMPILE, listPython, pythonPackageName, readPythonStep } from "../python/python-scripts.ts";
import { FETCH_UV, UV_INSTALL } from "../python/uv.ts";
import { ASK_SOURCES } from "./ask-sources.ts";
import { DOWNLOAD } from "./download.ts";
import type { LayerManager } from "./layer-manager.ts";

/** The one environment of all Python packages of a persona. Its programs come first in PATH (`provisioning/inside/main/environment`). */
export const PYTHON_ENVIRONMENT = "/opt/guise/python";

// What is installed was resolved before, for all layers together: each file is held to its digest, and nothing is looked for beside it.
// Wheels that were built of sources were carried in before.
// The system's own modules are seen too: a package of the distribution that brings some is there in every program.
const FETCH = `${FETCH_UV}
[[ -e $target/bin/python ]] || python3 -m venv --without-pip --system-site-packages $target
if [[ -s $B/locked ]]; then uv pip install ${UV_INSTALL} --no-deps --python $target/bin/python -r $B/locked 2>&1; fi
shopt -s nullglob
wheels=($F/wheels/*.whl)
if ((\${#wheels[@]} > 0)); then uv pip install ${UV_INSTALL} --no-deps --no-index --python $target/bin/python "\${wheels[@]}" 2>&1; fi`;

export const pip: LayerManager = {
  fetch: FETCH,
  install: COMPILE,
  fetched: ["$target"],
  list: listPython(PYTHON_ENVIRONMENT, 'folder + "/bin"'),
  check: `${DOWNLOAD}
${ASK_SOURCES}
${CHECK_PYTHON}`,
  folder: () => PYTHON_ENVIRONMENT,
  readStep: readPythonStep,
  packageName: pythonPackageName,
};

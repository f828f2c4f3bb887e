import { CHECK_PYTHON, COMPILE, listPython, pythonPackageName, readPythonStep } from "../python/python-scripts.ts";
import { FETCH_UV, INSTALL_LOCKED } from "../python/uv.ts";
import { ASK_SOURCES } from "./ask-sources.ts";
import { DOWNLOAD } from "./download.ts";
import type { LayerManager } from "./layer-manager.ts";

/** The one environment of all Python packages of a persona. Its programs come first in PATH (`provisioning/inside/main/environment`). */
export const PYTHON_ENVIRONMENT = "/opt/guise/python";

// The system's own modules are seen too: a package of the distribution that brings some is there in every program.
const FETCH = `${FETCH_UV}
[[ -e $target/bin/python ]] || python3 -m venv --without-pip --system-site-packages $target
${INSTALL_LOCKED}`;

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

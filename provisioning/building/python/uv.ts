/**
 * uv is brought by the pip wheel that python3-venv comes with, lies with what is fetched, and never enters the image. What it is
 * told of the mirrors is the same wherever it runs; to unpack a wheel runs nothing of it.
 */
export const FETCH_UV = `if [[ ! -x $F/tool/bin/uv ]]; then
  echo "Fetching uv"
  PYTHONPATH=$(echo /usr/share/python-wheels/pip-*.whl) python3 -m pip install -q --no-input --only-binary=:all: --no-deps --no-cache-dir --no-compile \\
    --progress-bar=off --root-user-action=ignore --target $F/tool "uv>=0.5,<1"
fi
uv() { "$F/tool/bin/uv" --no-config --no-progress --no-python-downloads --cache-dir "$F/uv" "$@"; }`;

/** Arguments of every installation: wheels only, from the one index, with hard links into the cache, which goes with the other fetched files. */
export const UV_INSTALL = '--no-build --default-index "$PIP_INDEX_URL" --link-mode hardlink';

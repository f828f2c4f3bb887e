import { FETCH_FILE } from "../managers/download.ts";

const VERSION = "0.13.9";
/** SHA-256 of its wheels as the public index gives them; a mirror that gives something else is refused. */
const WHEELS = {
  amd64: {
    name: `uv-${VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`,
    digest: "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
  },
  arm64: {
    name: `uv-${VERSION}-py3-none-manylinux_2_28_aarch64.whl`,
    digest: "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
  },
} as const;

/**
 * uv lies with what is fetched, and never enters the image. Its wheel comes by apt's downloader: pip, out of the distribution's wheel, takes four
 * seconds for it, in each box. What uv is told of the mirrors is the same wherever it runs; to unpack a wheel runs nothing of it.
 */
export const FETCH_UV = `${FETCH_FILE}
if [[ ! -x $F/tool/uv ]]; then
  echo "Fetching uv"
  case $(dpkg --print-architecture) in
    amd64) wheel=${WHEELS.amd64.name} digest=${WHEELS.amd64.digest} ;;
    arm64) wheel=${WHEELS.arm64.name} digest=${WHEELS.arm64.digest} ;;
    *) echo "there is no uv ${VERSION} for $(dpkg --print-architecture)"; exit 1 ;;
  esac
  mkdir -p $F/tool
  fetch_file "\${PIP_INDEX_URL%/}/uv/" $F/tool/index
  address=$(python3 -I -S - "\${PIP_INDEX_URL%/}/uv/" $F/tool/index "$wheel" <<'PYTHON'
import html, re, sys
from urllib.parse import unquote, urljoin, urlsplit
index, page, wheel = sys.argv[1:]
for link in re.findall(r"""href=["']([^"'#]+)""", open(page, errors="replace").read()):
    address = urljoin(index, html.unescape(link))
    if unquote(urlsplit(address).path).endswith("/" + wheel):
        print(address)
        break
PYTHON
  )
  [[ $address ]] || { echo "the package index has no $wheel"; exit 1; }
  fetch_file "$(with_login "$address")" $F/tool/wheel "SHA256:$digest"
  python3 -I -S -c 'import shutil, sys, zipfile; shutil.copyfileobj(zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]), open(sys.argv[3], "wb"))' \\
    $F/tool/wheel uv-${VERSION}.data/scripts/uv $F/tool/uv
  chmod 755 $F/tool/uv
fi
uv() { "$F/tool/uv" --no-config --no-progress --no-python-downloads --cache-dir "$F/uv" "$@"; }`;

/** Arguments of every installation: wheels only, from the one index, with hard links into the cache, which goes with the other fetched files. */
export const UV_INSTALL = '--no-build --default-index "$PIP_INDEX_URL" --link-mode hardlink';

/**
 * What was resolved before, for all layers together: each file is held to its digest, and nothing is looked for beside it. Wheels that were built
 * of sources were carried in before.
 */
export const INSTALL_LOCKED = `if [[ -s $B/locked ]]; then uv pip install ${UV_INSTALL} --no-deps --python $target/bin/python -r $B/locked 2>&1; fi
shopt -s nullglob
wheels=($F/wheels/*.whl)
if ((\${#wheels[@]} > 0)); then uv pip install ${UV_INSTALL} --no-deps --no-index --python $target/bin/python "\${wheels[@]}" 2>&1; fi`;

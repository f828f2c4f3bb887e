import { FETCH_UV, UV_INSTALL } from "../python/uv.ts";

/**
 * With the mirrors open: fetches the source that `$B/source` names (address, digest), reads in its own files what it is built with, and makes an
 * environment of that, of wheels alone. None of the source's code runs. Says `refused` and then the installer's words where that cannot be had.
 */
export const FETCH_SOURCE = `${FETCH_UV}
mkdir -p $F/source
echo "Fetching the source"
read -r address digest < $B/source
archive=$F/source/$(python3 -I -S -c 'import os, sys; from urllib.parse import unquote, urlsplit; print(os.path.basename(unquote(urlsplit(sys.argv[1]).path)))' "$address")
fetch_file "$(with_login "$address")" "$archive" "SHA256:$digest"
PYTHONPATH=$(echo /usr/share/python-wheels/pip-*.whl) python3 -S - "$archive" <<'PYTHON'
import os, sys, tarfile, tomllib, zipfile
from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
MOST_SETTINGS = 2**20
fetched, path = os.environ["F"], sys.argv[1]
def settings():
    """The source's pyproject.toml, read without unpacking anything else."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.count("/") == 1 and name.endswith("/pyproject.toml"):
                    with archive.open(name) as file: return file.read(MOST_SETTINGS).decode()
        return ""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.removeprefix("./").count("/") == 1 and member.name.endswith("/pyproject.toml"):
                return archive.extractfile(member).read(MOST_SETTINGS).decode()
    return ""
try: asked = tomllib.loads(settings()).get("build-system", {}).get("requires")
except (tomllib.TOMLDecodeError, UnicodeDecodeError): sys.exit("its pyproject.toml cannot be read")
# What came before pyproject.toml was written for a setuptools that still had pkg_resources.
lines = ["pip", "wheel"]
for text in asked if isinstance(asked, list) else ["setuptools<81"]:
    try: needed = Requirement(text)
    except (InvalidRequirement, TypeError): sys.exit(f"its build asks for what is no requirement: {text!r:.100}")
    if needed.url: sys.exit(f"its build asks for {needed.name} from an address")
    if needed.marker is None or needed.marker.evaluate({"extra": ""}):
        lines.append(needed.name + ("[" + ",".join(sorted(needed.extras)) + "]" if needed.extras else "") + str(needed.specifier))
lines += open(os.environ["B"] + "/lacked").read().split("\\n")
open(fetched + "/needed", "w").write("\\n".join(lines) + "\\n")
PYTHON
echo "Fetching what it is built with"
uv venv --quiet --python /usr/bin/python3 $F/workbench 2>&1
uv pip install ${UV_INSTALL} --quiet --python $F/workbench/bin/python -r $F/needed >$F/refusal 2>&1 || {
  if (($? == 1)); then printf 'refused\\n'; cat $F/refusal; exit 0; fi
  cat $F/refusal
  exit 1
}`;

/**
 * Without any network: the source's own code runs, and leaves one wheel in `$target`. What it turns out to be built with beside what its files say
 * is told first, as lines `lacks REQUIREMENT`; then there is no wheel.
 */
export const BUILD_WHEEL = `mkdir -p $F/tmp $F/home $F/unpacked $target
export TMPDIR=$F/tmp HOME=$F/home PATH=$F/workbench/bin:$PATH MAKEFLAGS=-j2 MAX_JOBS=2 CMAKE_BUILD_PARALLEL_LEVEL=2
cd $F/tmp
echo "Building"
$F/workbench/bin/python - 2>&1 <<'PYTHON'
import glob, importlib.metadata, os, shutil, tomllib
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.pyproject_hooks import BuildBackendHookCaller
fetched = os.environ["F"]
shutil.unpack_archive(*glob.glob(fetched + "/source/*"), fetched + "/unpacked")
[source] = glob.glob(fetched + "/unpacked/*")
try: system = tomllib.load(open(source + "/pyproject.toml", "rb")).get("build-system", {})
except FileNotFoundError: system = {}
hooks = BuildBackendHookCaller(source, system.get("build-backend", "setuptools.build_meta:__legacy__"), system.get("backend-path"))
def is_there(text):
    needed = Requirement(text)
    if needed.marker is not None and not needed.marker.evaluate({"extra": ""}): return True
    try: return needed.specifier.contains(importlib.metadata.version(needed.name), prereleases=True)
    except importlib.metadata.PackageNotFoundError: return False
lacked = [text for text in hooks.get_requires_for_build_wheel() if not is_there(text)]
for text in lacked: print("lacks", " ".join(text.split()), sep="\\t", flush=True)
open(fetched + "/lacked", "w").write("\\n".join(lacked))
PYTHON
if [[ ! -s $F/lacked ]]; then
  $F/workbench/bin/python -m pip wheel --no-index --no-deps --no-build-isolation --no-cache-dir --no-input --progress-bar off \\
    --wheel-dir $target $F/source/* 2>&1
fi`;

/** Tells the wheel in `$target`, tab-separated: `wheel FILE BYTES NAME`, `python CONDITIONS`, `requires REQUIREMENT` and `extra NAME`. */
export const DESCRIBE_WHEEL = `python3 -I -S - <<'PYTHON'
import email.parser, glob, os, re, sys, zipfile
found = glob.glob(os.environ["target"] + "/*.whl")
if len(found) != 1: sys.exit("its build left no wheel")
with zipfile.ZipFile(found[0]) as archive:
    name = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\\.dist-info/METADATA", name))
    with archive.open(name) as file: read = email.parser.HeaderParser().parsestr(file.read(2**21).decode(errors="replace"))
def say(*words): print(*[" ".join(str(word).split()) for word in words], sep="\\t")
say("wheel", os.path.basename(found[0]), os.path.getsize(found[0]), re.sub(r"[-_.]+", "-", read["Name"]).lower())
say("python", read.get("Requires-Python", ""))
for needed in read.get_all("Requires-Dist", []): say("requires", needed)
for extra in read.get_all("Provides-Extra", []): say("extra", extra)
PYTHON`;

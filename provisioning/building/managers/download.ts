/**
 * `fetch_file URL FILE [SHA256:DIGEST]` fetches by apt's own downloader, which the base image has, and which holds a file to its digest before
 * it gets its name. `with_login URL` says the address with the name and password of Python's index, or of a source, where it is on that host.
 */
export const FETCH_FILE = `fetch_file() {
  apt_options=(-o Acquire::https::CAInfo=$B/authorities.pem -o APT::Sandbox::User=root -o Acquire::Retries=2)
  for trusted in \${PIP_TRUSTED_HOST:-}; do
    [[ $1 == https://*"$trusted"[:/]* ]] && apt_options+=(-o "Acquire::https::$trusted::Verify-Peer=false" -o "Acquire::https::$trusted::Verify-Host=false")
  done
  /usr/lib/apt/apt-helper "\${apt_options[@]}" download-file "$@" >/dev/null
}
with_login() {
  python3 -I -S - "$1" <<'PYTHON'
import os, sys
from urllib.parse import urlsplit
address, indexes = urlsplit(sys.argv[1]), [os.environ["PIP_INDEX_URL"], *os.environ.get("UV_INDEX", "").split()]
for index in map(urlsplit, indexes):
    login = index.netloc.rpartition("@")[0]
    if login and (address.hostname, address.port) == (index.hostname, index.port) and "@" not in address.netloc:
        address = address._replace(netloc=login + "@" + address.netloc)
print(address.geturl())
PYTHON
}`;

/**
 * `missing_of` reads lines `ARGUMENT<tab>URL`, asks for eight at once, and says `missing<tab>ARGUMENT` of those that are not there; they are in
 * `$F/missing` too. Fails, and says why, where a mirror does not answer or does not let anybody in. It has the names and passwords in the
 * addresses, and tells them to nobody whom a mirror sends elsewhere. One program for all: apt's downloader takes a tenth of a second for each.
 */
export const DOWNLOAD = `missing_of() {
  python3 -I -S -c '
import base64, concurrent.futures, os, ssl, sys, time, urllib.error, urllib.parse, urllib.request
trusted = os.environ.get("PIP_TRUSTED_HOST", "").split()
unverified = ssl._create_unverified_context()
def ask(line):
    argument, address = line.rstrip("\\n").split("\\t")
    url = urllib.parse.urlsplit(address)
    login, _, place = url.netloc.rpartition("@")
    request = urllib.request.Request(url._replace(netloc=place).geturl(), headers={"Accept": "application/vnd.npm.install-v1+json, */*;q=0.1"})
    if login: request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(urllib.parse.unquote(login).encode()).decode())
    context = unverified if url.hostname in trusted or place in trusted else None
    for last in (False, True):
        try:
            urllib.request.urlopen(request, timeout=30, context=context).close()
            return None
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (401, 407, 429): return argument
            words = "it does not let Guise in" if error.code in (401, 407) else "it answers " + str(error.code)
        except OSError as error: words = str(getattr(error, "reason", error))
        if last: raise OSError("the package mirror " + str(url.hostname) + " could not be asked: " + words)
        time.sleep(0.5)
try:
    with concurrent.futures.ThreadPoolExecutor(8) as pool: missing = list(pool.map(ask, sys.stdin))
except OSError as error: sys.exit(str(error))
for argument in missing:
    if argument is not None: print("missing", argument, sep="\\t")
' | tee $F/missing
}`;

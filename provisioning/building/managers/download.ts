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
 * `present URL` asks for a page by apt's own downloader (the base image has no other), and says by its exit code whether it is there.
 * `missing_of` reads lines `ARGUMENT<tab>URL`, asks for eight at once, and says `missing<tab>ARGUMENT` of those that are not; they are in
 * `$F/missing` too.
 */
export const DOWNLOAD = `present() {
  page=$(mktemp -u $F/page-XXXXXXXX)
  found=0
  /usr/lib/apt/apt-helper -o Acquire::https::CAInfo=$B/authorities.pem -o APT::Sandbox::User=root -o Acquire::Retries=1 download-file "$1" $page >/dev/null 2>&1 || found=1
  rm -f $page
  return $found
}
export -f present
missing_of() {
  xargs -r -d '\\n' -n 1 -P 8 bash -c 'IFS=$'"'\\\\t'"' read -r argument url <<< "$0"; present "$url" || printf "missing\\\\t%s\\\\n" "$argument"' | tee $F/missing
}`;

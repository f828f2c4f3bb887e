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

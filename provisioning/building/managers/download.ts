/** Asks for a page by apt's own downloader (the base image has no other), and says by its exit code whether it is there. */
export const DOWNLOAD = `download() {
  rm -f $F/page
  /usr/lib/apt/apt-helper -o Acquire::https::CAInfo=$B/authorities.pem -o APT::Sandbox::User=root -o Acquire::Retries=1 download-file "$1" $F/page >/dev/null 2>&1
}`;

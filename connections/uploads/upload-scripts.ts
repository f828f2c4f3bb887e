import { PART, RECORDS } from "./upload-record.ts";

/** The scripts' own codes, away from those of the programs in them. */
export const CODES = { notFound: 81, exists: 82, isFolder: 83, noRoom: 84, calledOff: 85, incomplete: 86 } as const;

/** Days after the last confirmed piece when what came of an upload is removed. */
export const KEPT_DAYS = 7;
const MOST_LISTED = 100;
/** A path of 4096 characters as JSON and as it is. */
export const LONGEST_RECORD = 40_000;
export const MOST_TOLD = (MOST_LISTED + 1) * LONGEST_RECORD;

/**
 * `$f`: the record. `$p`: the part. `$t`: the file. `failed` tells the room where it is written, from which a full file system is known.
 */
const COMMON = `export LC_ALL=C.UTF-8
R=${RECORDS}
is() { [ -e "$1" ] || [ -L "$1" ]; }
there() { e=$1; while [ ! -e "$e" ]; do e=$(dirname -- "$e"); done; stat -f -c "%S %b %a %c %d" -- "$e"; }
failed() { code=$?; there "$d"; exit "$code"; }
recorded() { (umask 077; mkdir -p -- "$R" && printf '%s\\n%s' "$1" "$p" > "$R/.new-\${f##*/}" && mv -fT -- "$R/.new-\${f##*/}" "$f"); }
part_in() { q=$(tail -n +2 -- "$1"; printf x); q=\${q%x}; }
told() {
  part_in "$1"
  s=$(stat -c %s -- "$q" 2> /dev/null) || s=-
  printf '%s %s\\n' "$s" "$(stat -c %Y -- "$1")"
  head -c ${LONGEST_RECORD - 40} -- "$1"
}
removed() {
  part_in "$1"
  case \${q##*/} in ${PART}*) rm -f -- "$q" ;; esac
  rm -f -- "$1"
}
swept() {
  find "$R" -maxdepth 1 -type f -mmin +${KEPT_DAYS * 24 * 60} -print 2> /dev/null | while IFS= read -r old; do
    case $old in */upload-*) removed "$old" ;; *) rm -f -- "$old" ;; esac
  done
}
`;

/** The record comes before the part: what dies in between leaves nothing that is not found. */
const BEGIN = `swept
[ ! -d "$t" ] || [ -L "$t" ] || exit ${CODES.isFolder}
[ -z "$exclusive" ] || ! is "$t" || exit ${CODES.exists}
room=$(there "$d")
set -- $room
[ $(($1 * $3)) -ge "$bytes" ] || { printf '%s\\n' "$room"; exit ${CODES.noRoom}; }
mkdir -p -- "$d" && recorded "$line" && (umask 077; set -C; : > "$p") || failed`;

const STAND = `[ -f "$f" ] && [ ! -L "$f" ] || exit ${CODES.notFound}
told "$f"`;

/** The newest first: of more than can be told, the oldest are left out. */
const LIST = `swept
ls -t -- "$R" 2> /dev/null | grep '^upload-' | head -n ${MOST_LISTED} | while IFS= read -r name; do
  printf '%s\\n' "$name"
  told "$R/$name"
  printf '\\0'
done`;

/** The piece, and behind it the next record as one line, which comes when the piece was found right. It is on the disk before it is confirmed. */
const APPEND = `[ -f "$p" ] && [ ! -L "$p" ] || exit ${CODES.notFound}
dd of="$p" bs=256K iflag=fullblock,count_bytes count="$length" oflag=seek_bytes seek="$offset" conv=notrunc,fdatasync status=none || failed
IFS= read -r line && [ -n "$line" ] || exit ${CODES.calledOff}
recorded "$line" || failed`;

const COMPLETE = `[ -f "$p" ] && [ ! -L "$p" ] || exit ${CODES.notFound}
[ "$(stat -c %s -- "$p")" = "$bytes" ] || exit ${CODES.incomplete}
[ ! -d "$t" ] || [ -L "$t" ] || exit ${CODES.isFolder}
[ -z "$exclusive" ] || ! is "$t" || exit ${CODES.exists}
[ ! -f "$t" ] || [ -L "$t" ] || mode=$(stat -c %a -- "$t")
chmod "$mode" -- "$p" && { [ -z "$time" ] || touch -d "@$time" -- "$p"; } && recorded "$line" || failed
if [ -n "$exclusive" ]; then
  mv -nT -- "$p" "$t"
  code=$?
  if is "$p"; then
    ! is "$t" || exit ${CODES.exists}
    (exit "$code") || failed
  fi
else mv -fT -- "$p" "$t" || failed; fi`;

const REMOVE = `[ -f "$f" ] && [ ! -L "$f" ] || exit ${CODES.notFound}
removed "$f"`;

const SCRIPTS = { begin: BEGIN, stand: STAND, list: LIST, append: APPEND, complete: COMPLETE, remove: REMOVE } as const;

/** Shell text; the variables are words of the shell already. */
export function uploadScript(name: keyof typeof SCRIPTS, variables: Readonly<Record<string, string>>): string {
  return [...Object.entries(variables).map(([variable, word]) => `${variable}=${word}`), COMMON, SCRIPTS[name]].join("\n");
}

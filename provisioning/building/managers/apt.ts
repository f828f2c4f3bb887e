import type { LayerManager, PhaseStep } from "./layer-manager.ts";

// Status on descriptor 3: on 1 it breaks the packages' own scripts (EXPERIENCE VI.3). apt's cache of the lists saves it two seconds at each call.
/** What is installed: what else is needed hangs on it. */
const STATUS = "/var/lib/dpkg/status";

export const APT_OPTIONS = `apt=(-q -y -o Dir::Etc::sourcelist=$B/sources.list -o Dir::Etc::sourceparts=- -o Dir::State::lists=$F/lists
  -o Dir::Cache::archives=$F/archives -o Dir::Cache::pkgcache=$F/pkgcache.bin -o Dir::Cache::srcpkgcache=$F/srcpkgcache.bin
  -o Dpkg::Use-Pty=0 -o APT::Status-Fd=3
  -o APT::Install-Recommends=false -o APT::Update::Error-Mode=any -o Acquire::Languages=none -o Acquire::Retries=2
  -o Acquire::https::CAInfo=$B/authorities.pem -o Dir::Etc::netrc=$B/apt-logins -o Dir::Etc::netrcparts=- -o DPkg::Options::=--force-unsafe-io)
[[ ! -e $F/seen${STATUS} ]] || apt+=(-o Dir::State::status=$F/seen${STATUS})
mapfile -t options < $B/apt-options
for option in "\${options[@]}"; do apt+=(-o "$option"); done`;

const FETCH = `${APT_OPTIONS}
mkdir -p $F/lists/partial $F/archives/partial
apt-get "\${apt[@]}" update 3>&1
apt-get "\${apt[@]}" install --no-remove --download-only -- "\${packages[@]}" 3>&1`;

// The list of sources was written anew, without passwords: apt takes its cache for older than that, and would make it once more.
const INSTALL = `${APT_OPTIONS}
touch -d @0 $B/sources.list
apt-get "\${apt[@]}" install --no-remove --no-download -- "\${packages[@]}" 3>&1
rm -rf /var/log/apt/* /var/log/dpkg.log /var/log/alternatives.log /var/cache/apt/*.bin /var/cache/debconf/*-old /var/lib/dpkg/*-old`;

// A package that only names others (postgresql-client) is asked through what it directly depends on, which is told. Alternatives are
// programs that no package lists (vim). What is linked with a library for screens or line editing wants a terminal.
const LIST = `dpkg-query -W -f='installed\\t\${binary:Package}\\t\${Version}\\n'
files() { dpkg -L "$1" 2>/dev/null | grep -E '^/((usr|opt)/(.*/)?)?(s?bin|games)/[^/]+$|^/usr/share/(applications|xsessions)/[^/]+[.]desktop$' || :; }
kind() { if grep -qaE 'lib(ncursesw?|tinfo|slang|readline|edit)[.]so' "$1"; then echo interactive; else echo program; fi; }
alternatives=$(update-alternatives --get-selections 2>/dev/null | while read -r name _ path; do
  [[ -x /usr/bin/$name ]] && printf '%s\\t/usr/bin/%s\\n' "$path" "$name"; done || :)
tell() {
  while read -r file; do
    case $file in
      *.desktop) [[ -f $file ]] && printf 'entry\\t%s\\t%s\\n' "$1" "$file" && awk '
        /^\\[/ { inside = ($0 == "[Desktop Entry]") }
        inside && /^(Type|Name|Exec|Terminal|NoDisplay|Hidden|OnlyShowIn)=/ { print "field\\t" $0 }' "$file" ;;
      /*) [[ -f $file && -x $file ]] && printf '%s\\t%s\\t%s\\t%s\\n' "$(kind "$file")" "$1" "$file" "$2" ;;
    esac || :
  done
}
# A name that others only provide: libglib2.0-0 is libglib2.0-0t64 in a later suite.
installed() {
  dpkg-query -W -f='\${Package}\\t\${Provides}\\n' | awk -F'\\t' -v name="$1" '
    $1 == name { own = $1 }
    { n = split($2, provided, /, */); for (i = 1; i <= n; i++) { sub(/[ (:].*/, "", provided[i]); if (provided[i] == name) other = $1 } }
    END { print own == "" ? (other == "" ? name : other) : own }'
}
while IFS=$'\\t' read -r argument name _; do
  name=$(installed "$name")
  found=$(files "$name")
  if [[ -z $found ]]; then
    for needed in $(dpkg-query -W -f='\${Depends}' "$name" 2>/dev/null | tr ',|' '\\n\\n' | sed 's/[(:].*//'); do
      files "$needed" | tell "$argument" "$needed"
    done
  fi
  found+=$'\\n'$({ dpkg -L "$name" 2>/dev/null || :; } | while read -r file; do
    awk -F'\\t' -v file="$file" '$1 == file { print $2 }' <<< "$alternatives"; done)
  tell "$argument" "" <<< "$found"
done < $B/named`;

/** `NAME\tWORDS` of each that the lists name. Lists of an hour ago do. */
export const NAMES = `${APT_OPTIONS}
mkdir -p $F/lists/partial $F/archives/partial
[[ -n $(find $F/updated -mmin -60 2>/dev/null) ]] || { apt-get "\${apt[@]}" update 3>/dev/null; touch $F/updated; }
awk 'FNR == 1 { name = "" }
  /^Package: / { name = $2 }
  /^Description: / && name != "" { print "named\\t" name "\\t" substr($0, 14); name = "" }' $F/lists/*_Packages`;

// A simulation also finds a version that is not there, and a name that others only provide: of all at once, and where that fails of each
// that it complains of. What needs something that is not there is there itself. Lists of an hour ago do.
const CHECK = `${APT_OPTIONS}
mkdir -p $F/lists/partial $F/archives/partial
[[ -n $(find $F/updated -mmin -60 2>/dev/null) ]] || { apt-get "\${apt[@]}" update 3>&1; touch $F/updated; }
simulate() { apt-get "\${apt[@]}" --simulate --no-remove install -- "$@" 3>/dev/null 2>&1; }
found=all
complaints=$(simulate "\${packages[@]}") || {
  for at in "\${!packages[@]}"; do
    grep -qwF -- "\${names[at]}" <<< "$complaints" || continue
    alone=$(simulate "\${packages[at]}") || grep -qE '^ .* : |will be REMOVED:' <<< "$alone" || {
      found=some
      printf 'missing\\t%s\\n' "\${packages[at]}"
    }
  done
  # All are there, and cannot be had together.
  [[ $found == some ]] || sed 's/^/clash\\t/' <<< "$complaints"
}
[[ $found == all ]] || apt-cache "\${apt[@]:2}" pkgnames | sed 's/^/known\\t/'`;

/** dlstatus and pmstatus lines of APT::Status-Fd: kind, item, percent, words. */
function readStep(line: string): PhaseStep | undefined {
  const match = /^(?:dl|pm)status:[^:]*(?::[^:]*?)?:(\d+(?:\.\d+)?):(.*)$/.exec(line);
  return match === null ? undefined : { percent: Number(match[1]), message: match[2] ?? "" };
}

/** No trailing "-" (apt would remove the package), no ":" (another architecture), no "/" (another suite). */
function packageName(argument: string): string | undefined {
  return /^([a-z0-9][a-z0-9+.-]*[a-z0-9+.])(?:=[A-Za-z0-9.+:~-]+)?$/.exec(argument)?.[1];
}

export const apt: LayerManager = {
  fetch: FETCH,
  install: INSTALL,
  fetched: ["$F/lists", "$F/archives"],
  sees: [STATUS],
  list: LIST,
  check: CHECK,
  folder: () => "/",
  readStep,
  packageName,
};

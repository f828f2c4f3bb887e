import { APT_OPTIONS } from "./apt.ts";
import type { LayerManager, PhaseStep } from "./layer-manager.ts";

/** Where the distribution has all of them compiled: fetching takes a second, compiling one takes two and needs sources that nobody else does. */
const SOURCE = "locales-all";

const FETCH = `${APT_OPTIONS}
mkdir -p $F/lists/partial $F/archives/partial
apt-get "\${apt[@]}" update 3>&1
apt-get "\${apt[@]}" install --download-only -- ${SOURCE} 3>&1`;

// Parts of it are links into other locales. The base image has all locales without their order of letters; this one is whole.
const INSTALL = `mkdir $F/all
dpkg-deb --fsys-tarfile $F/archives/${SOURCE}_*.deb | tar -C $F/all -xf -
for locale in "\${names[@]}"; do
  language=\${locale%%@*} modifier=\${locale#"$language"}
  for from in $F/all/usr/lib/locale/{$language.utf8$modifier,$language$modifier}; do
    [[ -d $from ]] && break
  done
  rm -rf /usr/lib/locale/$language.utf8$modifier
  cp -rL --no-preserve=ownership "$from" /usr/lib/locale/$language.utf8$modifier
done`;

function readStep(line: string): PhaseStep | undefined {
  return line.startsWith("dlstatus:") ? { message: "Fetching the locale", percent: undefined } : undefined;
}

/** A locale of glibc without its character set, which is UTF-8: "de_DE", "sr_RS@latin". */
function packageName(argument: string): string | undefined {
  return /^[a-z]{2,3}(?:_[A-Z]{2})?(?:@[a-z]+)?$/.test(argument) ? argument : undefined;
}

/** Languages, formats and the order of letters, as glibc has them. */
export const locale: LayerManager = {
  fetch: FETCH,
  install: INSTALL,
  fetched: ["$F/archives"],
  list: "",
  check: "",
  folder: () => "/",
  readStep,
  packageName,
};

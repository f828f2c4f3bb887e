/**
 * `in_sources MANAGER` reads lines `ARGUMENT<tab>NAME` and asks the indexes of `$B/indexes` that are this manager's; it hands on the lines that
 * none of them has, for the mirror to be asked. Those of a scope that comes from one of them are nowhere else: they are written to `$F/nowhere`,
 * as lines `missing<tab>ARGUMENT`. Fails, and says why, where an index does not answer or does not let anybody in. Python asks, for apt's
 * downloader knows no tokens; nothing of the packages runs.
 */
export const ASK_SOURCES = `in_sources() {
  : > $F/nowhere
  if [[ ! -e $B/indexes ]]; then cat; return; fi
  python3 -I -S -c '
import concurrent.futures, json, os, re, sys, urllib.error, urllib.parse, urllib.request
manager = sys.argv[1]
indexes = [one for one in json.load(open(os.environ["B"] + "/indexes")) if one["manager"] == manager]
def places(name):
    """The indexes to ask, and whether the mirror may have it too."""
    if manager == "pip": return indexes, True
    scoped = [one for one in indexes if any(name.startswith(scope + "/") for scope in one["scopes"])]
    return (scoped, False) if scoped else ([one for one in indexes if not one["scopes"]], not any(not one["scopes"] for one in indexes))
def has(index, name):
    plain = re.sub("[-_.]+", "-", name).lower() + "/" if manager == "pip" else name.replace("/", "%2f")
    headers = {"Accept": "application/vnd.npm.install-v1+json"} if manager == "npm" else {}
    request = urllib.request.Request(index["url"] + "/" + plain, headers=headers)
    # It opens this index: whom it sends elsewhere goes there without.
    if "authorization" in index: request.add_unredirected_header("Authorization", index["authorization"])
    try: urllib.request.urlopen(request, timeout=30).close()
    except urllib.error.HTTPError as error:
        if error.code == 404: return False
        words = "does not let Guise in" if error.code in (401, 403) else "answers " + str(error.code)
        raise OSError("the package source " + index["source"] + " " + words)
    except (urllib.error.URLError, TimeoutError) as error: raise OSError("the package source " + index["source"] + " does not answer: " + str(getattr(error, "reason", error)))
    return True
def place(line):
    argument, name = line.rstrip("\\n").split("\\t")
    asked, elsewhere = places(name)
    return None if any(has(index, name) for index in asked) else (argument, name, elsewhere)
try:
    with concurrent.futures.ThreadPoolExecutor(8) as pool: found = list(pool.map(place, sys.stdin))
except OSError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
nowhere = open(os.environ["F"] + "/nowhere", "w")
for argument, name, elsewhere in filter(None, found):
    if elsewhere: print(argument, name, sep="\\t")
    else: print("missing", argument, sep="\\t", file=nowhere)
' "$1"
}
asked() { for at in "\${!packages[@]}"; do printf '%s\\t%s\\n' "\${packages[at]}" "\${names[at]}"; done; }
also_missing() { tee -a $F/missing < $F/nowhere; }`;

/** What is to become of the lists of a folder of the corpus. */
export interface Outcome {
  /** Lines of the draft that validation refuses, and what it says; the rest is built. */
  readonly refused?: Readonly<Record<string, RegExp>>;
  /** Why the rest cannot be built. */
  readonly unbuilt?: RegExp;
  /** Packages and programs that are there and do not work, and what they say. */
  readonly broken?: Readonly<Record<string, RegExp>>;
}

const WORKS: Outcome = {};
const ODD_RANGES = ["a-hyphen@<=2.0.0", "b-caret-zero@^0.3", "c-tilde@~1.2", "d-either@1.x||2.x", "e-compound@1||2"]
  .concat([
    "f-compound-minor@^16.8||17||18||19",
    "g-compound-zero@<1.0.0",
    "i-three@1.2.3||2.0.0||3.0.0",
    "j-mixed@^1.0.0||^2.1||3",
    "k-wide@<50",
  ])
  .map((argument) => `npm:${argument}`);

/** By folder, of those that were built and tried; each that is not `WORKS` says what stands against it, with the reason beside it. */
export const OUTCOMES: Readonly<Record<string, Outcome | "no draft">> = {
  "python-report-pep621": WORKS,
  "devcontainer-notebooks": WORKS,
  "npm-eleventy-blog": WORKS,
  "mixed-old-formats": WORKS,
  // requests 2.32.0 was withdrawn: only who asks for that version alone is given it, and 2.32.0.* is more than that.
  "mixed-contradictions": { refused: { "pip:requests[socks]==2.32.0.*,>=2": /^requests 2\.32\.0 was withdrawn by its authors/ } },
  // Nothing of it is a list.
  "npm-not-an-object": "no draft",
  "conda-odd-specs": WORKS,
  // pysal has wheels for Python 3.11 up to 26.1, and needs spint, which is there as source only.
  "conda-geo": WORKS,
  "devcontainer-compose": WORKS,
  "python-pdm-hatch": WORKS,
  "python-setuptools-dynamic": WORKS,
  // It can be imported by what it runs only.
  "npm-cli-tool": { broken: { "npm:vitest": /failed to access its internal state/ } },
  "npm-next-commented": WORKS,
  "npm-vite-react": WORKS,
  "devcontainer-uv": WORKS,
  "tool-versions-web": WORKS,
  "python-pip-compile": WORKS,
  // Its source needs a header that the list does not name, as on every machine.
  "python-flask-shop": {
    unbuilt: /^psycopg2 \S+ could not be built from its source: pg_config is not there; apt:libpq-dev brings it, and pip:psycopg2-binary/,
  },
  // Programs of extras that the list does not ask for.
  "python-split": { broken: { blackd: /aiohttp dependency is not installed/, mypyc: /No module named 'setuptools'/ } },
  "npm-svelte-demo": WORKS,
  "apt-heroku": WORKS,
  "apt-dpkg-selections": WORKS,
  "apt-of-a-script": WORKS,
  // Debian keeps the newest of each version only, and the list names one that a security fix replaced.
  "apt-course-cpp": { refused: { "apt:jq=1.6-2.1": /^no package mirror has apt:jq=1\.6-2\.1: .* \(nearest: apt:jq\)$/ } },
  "apt-streamlit": WORKS,
  // Debian 12 has Python 3.11; newer ones are another base.
  "apt-ubuntu-lecture": { refused: { "apt:python3.12": /^no package mirror has apt:python3\.12: .* \(nearest: apt:python3\.11\)$/ } },
  "conda-data-science": WORKS,
  // A tensorflow for an older Python; and flash-attn, which is there as source only, imports torch while it is built.
  "conda-deep-learning": {
    refused: { "pip:tensorflow==2.10.*": /^tensorflow 2\.10\.1 needs Python 3\.7 to 3\.10; here is 3\.11: take 2\.12\.0 to \S+ of it$/ },
    unbuilt:
      /^flash-attn \S+ could not be built from its source: its build needs the Python module torch, which its source does not name; /,
  },
  "conda-export": WORKS,
  "devcontainer-go-infra": WORKS,
  // As with python-split.
  "devcontainer-full-stack": { broken: { blackd: /aiohttp dependency is not installed/ } },
  "devcontainer-python": WORKS,
  "mixed-binder": WORKS,
  // electron's program comes from elsewhere while it is installed.
  "npm-electron-notes": {
    unbuilt: /^electron could not be installed: it wants to download something .*; leave electron out, and type npm install electron in/,
  },
  "npm-angular-course": WORKS,
  "npm-express-api": WORKS,
  "npm-monorepo": WORKS,
  // Its names are nobody's: what is odd is their ranges.
  "npm-odd-ranges": {
    refused: Object.fromEntries(ODD_RANGES.map((line) => [line, /^no package mirror has npm:[a-k]-/])),
    unbuilt: /^nothing is left of it$/,
  },
  // As with python-split.
  "python-data-course": { broken: { blackd: /aiohttp dependency is not installed/ } },
  // Sources of ten years ago: of opencv there was never a 4.5, and matplotlib's source needs a header that the list does not name.
  "python-old-thesis": {
    refused: { "pip:opencv-python-headless==4.5": /^there is no opencv-python-headless==4\.5; take 4\.5\.\S+ of it$/ },
    unbuilt: /^matplotlib 3\.1\.1 could not be built from its source: the header ft2build\.h is not there; apt:libfreetype-dev brings it$/,
  },
  "python-poetry-shop": WORKS,
  "python-uv-notebook": WORKS,
  "tool-versions-infra": WORKS,
};

/** Three of each family and more, which share what is large: they take eight minutes on two busy cores. */
export const REPRESENTATIVE: readonly string[] = [
  ...["python-report-pep621", "python-pdm-hatch", "python-setuptools-dynamic"],
  ...["npm-eleventy-blog", "npm-cli-tool", "npm-svelte-demo"],
  ...["apt-heroku", "apt-dpkg-selections", "apt-of-a-script"],
  ...["devcontainer-notebooks", "mixed-contradictions", "mixed-old-formats", "npm-not-an-object"],
];

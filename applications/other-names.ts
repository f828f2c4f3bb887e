import type { PackageManagerName } from "@guise/contract";

/** What people call a package, and what it is called: no spelling would lead there. Names of Debian and of the Python index. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "apt:chrome": "apt:chromium",
  "apt:chromium-browser": "apt:chromium",
  "apt:fd": "apt:fd-find",
  "apt:firefox": "apt:firefox-esr",
  "apt:google-chrome": "apt:chromium",
  "apt:google-chrome-stable": "apt:chromium",
  "apt:java": "apt:default-jdk",
  "apt:jdk": "apt:default-jdk",
  "apt:jre": "apt:default-jre",
  "apt:latex": "apt:texlive-latex-base",
  "apt:mysql": "apt:default-mysql-client",
  "apt:mysql-client": "apt:default-mysql-client",
  "apt:mysql-server": "apt:default-mysql-server",
  "apt:node": "apt:nodejs",
  "apt:openjdk": "apt:default-jdk",
  "apt:pip": "apt:python3-pip",
  "apt:postgres": "apt:postgresql",
  "apt:psql": "apt:postgresql-client",
  "apt:python": "apt:python3",
  "apt:python-pip": "apt:python3-pip",
  "apt:rg": "apt:ripgrep",
  "apt:tex": "apt:texlive",
  "pip:bs4": "pip:beautifulsoup4",
  "pip:crypto": "pip:pycryptodome",
  "pip:cv2": "pip:opencv-python-headless",
  "pip:dotenv": "pip:python-dotenv",
  "pip:jwt": "pip:pyjwt",
  "pip:opencv": "pip:opencv-python-headless",
  "pip:pil": "pip:pillow",
  "pip:serial": "pip:pyserial",
  "pip:skimage": "pip:scikit-image",
  "pip:sklearn": "pip:scikit-learn",
  "pip:yaml": "pip:pyyaml",
};

/** What somebody most likely means by a name that no mirror has, as `manager:package`. */
export function otherNameOf(manager: PackageManagerName, name: string): string | undefined {
  const key = `${manager}:${name}`;
  return Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key] : undefined;
}

/** All that lead somewhere, for their test. */
export const KNOWN_OTHER_NAMES = Object.entries(OTHER_NAMES);

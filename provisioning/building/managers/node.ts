import { NODE_MAJORS, type NodeMajor } from "@guise/contract";
import { FETCH_FILE } from "./download.ts";
import type { LayerManager } from "./layer-manager.ts";

interface NodeRelease {
  readonly version: string;
  readonly npm: keyof typeof NPM_DIGESTS;
  readonly x64: string;
  readonly arm64: string;
}

/**
 * The last releases of each major, and the npm that runs on them. SHA-512 of the packages as the public registry gives them; a mirror that gives
 * something else is refused.
 */
const RELEASES: Readonly<Record<NodeMajor, NodeRelease>> = {
  "18": {
    version: "18.20.8",
    npm: "10.9.9",
    x64: "JWUTwZ9vMOjZXMtiBc74OZn12DXb4skKfY4Nlyc17Ss8BTaxjwkXAw6xZb0Ck5afUYU/neBbrHjo9O3baF34ww==",
    arm64: "xTMJYtLdLjIimh8zRpgUDFsNknLP72AT/QWEQmeyDOM1/Gqj/GZn/MlbA+zWSjSMBxQscYvgFpq3qERMEcFEUA==",
  },
  "20": {
    version: "20.20.2",
    npm: "11.19.1",
    x64: "PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==",
    arm64: "LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==",
  },
  "22": {
    version: "22.23.5",
    npm: "11.19.1",
    x64: "3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==",
    arm64: "e1LOUGKVruPGuLVutn8+Cgm5pI1APm4Kvh+zbb/qe/ZpD9s+TQby5iUgZOWmPpbSKpj0Td8DP1N0NEnXasHizg==",
  },
  "24": {
    version: "24.21.0",
    npm: "11.19.1",
    x64: "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    arm64: "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
};
const NPM_DIGESTS = {
  "10.9.9": "1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg==",
  "11.19.1": "ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==",
} as const;

const hex = (digest: string) => Buffer.from(digest, "base64").toString("hex");

const ARCHITECTURES = [
  ["amd64", "x64"],
  ["arm64", "arm64"],
] as const;

const CHOICES = NODE_MAJORS.flatMap((major) => {
  const { version, npm, ...digests } = RELEASES[major];
  return ARCHITECTURES.map(([debian, architecture]) => {
    return `  ${major}-${debian}) version=${version} package=node-linux-${architecture} digest=${hex(digests[architecture])} npm=${npm} npm_digest=${hex(NPM_DIGESTS[npm])} ;;`;
  });
});

/** Its only package is the major. */
const FETCH = `${FETCH_FILE}
mkdir -p $F
major=\${packages[0]:-${NODE_MAJORS.at(-1)}}
case $major-$(dpkg --print-architecture) in
${CHOICES.join("\n")}
  *) echo "there is no Node $major for $(dpkg --print-architecture)" >&2; exit 1 ;;
esac
echo "Fetching Node $version"
fetch_file "$npm_config_registry/$package/-/$package-$version.tgz" $F/node.tgz "SHA512:$digest"
fetch_file "$npm_config_registry/npm/-/npm-$npm.tgz" $F/npm.tgz "SHA512:$npm_digest"`;

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

/** The Node that every npm application of a persona runs on, and the npm that installs them; one layer that images share. */
export const node: LayerManager = {
  fetch: FETCH,
  install: INSTALL,
  fetched: ["$F/node.tgz", "$F/npm.tgz"],
  list: "",
  check: "",
  readStep: (line) => (line.startsWith("Fetching Node") ? { message: line, percent: 20 } : undefined),
  folder: () => "/usr/lib/guise/node",
  packageName: (argument) => NODE_MAJORS.find((major) => major === argument),
};

import { expect, test } from "vitest";
import { readUnresolved } from "./read-unresolved.ts";

/** What uv 0.13 said, shortened where it goes on in the same way. */
const SAID: readonly [
  about: string,
  said: string,
  wanted: readonly string[],
  kind: string,
  requirements: readonly string[],
  message: string,
][] = [
  [
    "a name that nobody has",
    `error: No solution found when resolving dependencies
  cause: Because no-such-package-1 was not found in the package registry and you require no-such-package-1, we can conclude that your requirements are unsatisfiable.`,
    ["pandas", "no-such-package-1"],
    "no_such_package",
    ["no-such-package-1"],
    "there is no Python package no-such-package-1",
  ],
  [
    "a name further down that nobody has",
    `error: No solution found when resolving dependencies
  cause: Because gone was not found in the package registry and left==1.0 depends on gone, we can conclude that left==1.0 cannot be used.
         And because you require left, we can conclude that your requirements are unsatisfiable.`,
    ["left"],
    "no_such_package",
    ["left"],
    "there is no Python package gone, which left needs",
  ],
  [
    "a file that broke off",
    `error: No solution found when resolving dependencies
  cause: Because frob-cut==1.0 has an invalid package format and only frob-cut==1.0 is available, we can conclude that all versions of frob-cut cannot be used.
         And because you require frob-cut, we can conclude that your requirements are unsatisfiable.

hint: The structure of \`frob-cut\` (v1.0) was invalid:
  Failed to read from zip file`,
    ["frob-cut"],
    "unclear",
    ["frob-cut"],
    "what the mirror gives for frob-cut 1.0 is no package: it is broken, or broke off in the middle; try again later, or take another version of it",
  ],
  [
    "a version that is not there",
    `error: No solution found when resolving dependencies
  cause: Because only pandas<=3.1.1 is available and you require pandas==9.*, we can conclude that your requirements are unsatisfiable.`,
    ["numpy", "pandas==9.*"],
    "no_such_version",
    ["pandas==9.*"],
    "there is no pandas==9.*; the newest is 3.1.1",
  ],
  [
    "a version between others",
    `error: No solution found when resolving dependencies
  cause: Because there is no version of opencv-python-headless==4.5 and you require opencv-python-headless==4.5, we can conclude that your requirements are unsatisfiable.`,
    ["numpy", "opencv-python-headless==4.5"],
    "no_such_version",
    ["opencv-python-headless==4.5"],
    "there is no opencv-python-headless==4.5; take another version of it",
  ],
  [
    "a version of another index",
    `error: No solution found when resolving dependencies
  cause: Because there is no version of torch==2.1.0+cpu and you require torch==2.1.0+cpu, we can conclude that your requirements are unsatisfiable.`,
    ["torch==2.1.0+cpu", "numpy"],
    "no_such_version",
    ["torch==2.1.0+cpu"],
    'there is no torch==2.1.0+cpu in this index ("+cpu" marks those of another one); take another version of it',
  ],
  [
    "a range between others",
    `error: No solution found when resolving dependencies
  cause: Because only the following versions of numpy are available:
             numpy<1.99
             numpy>2.dev0
         and you require numpy>=1.99,<2.dev0, we can conclude that your requirements are unsatisfiable.`,
    ["numpy~=1.99", "pandas"],
    "no_such_version",
    ["numpy~=1.99"],
    "there is no numpy~=1.99; take another version of it",
  ],
  [
    "a version that was withdrawn",
    `error: No solution found when resolving dependencies
  cause: Because requests[socks]==2.32.0 was yanked (reason: Yanked due to conflicts with CVE-2024-35195 mitigation) and only the following versions of requests[socks] are available:
             requests[socks]<2.32.0.dev0
             requests[socks]==2.32.0
             requests[socks]>2.32.1.dev0
         we can conclude that requests[socks]==2.32.0.* cannot be used.
         And because you require requests[socks]==2.32.0.*, we can conclude that your requirements are unsatisfiable.`,
    ["numpy", "requests[socks]==2.32.0.*,>=2"],
    "no_such_version",
    ["requests[socks]==2.32.0.*,>=2"],
    "requests 2.32.0 was withdrawn by its authors, and only who asks for requests==2.32.0 alone is given it; take another version of it",
  ],
  [
    "another Python, by the files that there are",
    `error: No solution found when resolving dependencies
  cause: Because tensorflow>=2.11.0rc0,<=2.11.1 has no wheels with a matching Python ABI tag (e.g., \`cp311\`) and only the following versions of tensorflow are available:
             tensorflow<2.11.dev0
             tensorflow>2.12.dev0
         we can conclude that tensorflow==2.11.* cannot be used.
         And because you require tensorflow==2.11.*, we can conclude that your requirements are unsatisfiable.

hint: You require CPython 3.11 (\`cp311\`), but we only found wheels for \`tensorflow\` (v2.11.1) with the following Python ABI tags: \`cp38\`, \`cp39\`, \`cp310\``,
    ["tensorflow==2.11.*"],
    "other_python",
    ["tensorflow==2.11.*"],
    "tensorflow 2.11.1 needs Python 3.8 to 3.10; here is 3.11: take another version of it",
  ],
  [
    "source only",
    `error: No solution found when resolving dependencies
  cause: Because all versions of docopt have no usable wheels and you require docopt, we can conclude that your requirements are unsatisfiable.

hint: Wheels are required for \`docopt\` because building from source is disabled for all packages (i.e., with \`--no-build\`)`,
    ["docopt"],
    "source_only",
    ["docopt"],
    "docopt is there as source only, in the versions that are asked for; take another version of it",
  ],
  [
    "source only, further down",
    `  cause: Because antlr4-python3-runtime>=4.9,<=4.9.3 has no usable wheels and only the following versions of antlr4-python3-runtime are available:
             antlr4-python3-runtime<4.9.dev0
             antlr4-python3-runtime>4.10.dev0
         we can conclude that antlr4-python3-runtime==4.9.* cannot be used.
         And because omegaconf>=2.3.0.dev0,<=2.3.1 depends on antlr4-python3-runtime==4.9.*, we can conclude that omegaconf>=2.3.0.dev0,<=2.3.1 cannot be used.
         And because only the following versions of omegaconf are available:
             omegaconf<=2.3.1
         and you require omegaconf==2.3.*, we can conclude that your requirements are unsatisfiable.

hint: Wheels are required for \`antlr4-python3-runtime\` because building from source is disabled for all packages (i.e., with \`--no-build\`)`,
    ["omegaconf==2.3.*"],
    "source_only",
    ["omegaconf==2.3.*"],
    "antlr4-python3-runtime, which omegaconf needs, is there as source only, in the versions that are asked for; take another version of it",
  ],
  [
    "two that exclude each other",
    `error: No solution found when resolving dependencies
  cause: Because pandas>=2.2.0,<=2.2.1 depends on numpy{python_full_version < '3.12'}>=1.23.2,<2 and pandas>=2.2.2,<=2.2.3 depends on numpy{python_full_version < '3.12'}>=1.23.2, we can conclude that pandas>=2.2.0,<=2.2.3 depends on numpy>=1.23.2.
         And because you require pandas==2.2.* and numpy==1.21.*, we can conclude that your requirements are unsatisfiable.`,
    ["jupyterlab==4.*", "numpy==1.21.*", "pandas==2.2.*"],
    "clash",
    ["numpy==1.21.*", "pandas==2.2.*"],
    "numpy==1.21.* and pandas==2.2.* cannot be had together: pandas needs numpy>=1.23.2; change the version of one of them",
  ],
  [
    "two that exclude each other far down, and one that has to do with neither",
    `         And because notebook==7.6.3 depends on jupyterlab>=4.6.4,<4.7 and notebook==7.6.4 depends on jupyterlab>=4.6.5,<4.7, we can conclude that all of:
             jupyter-server<1.4
         , jupyterlab<4.0.0a31, all of:
             notebook>=7.0.0a1,<=7.6.4
          are incompatible.
         And because notebook==7.6.5 depends on jupyterlab>=4.6.6,<4.7 and you require jupyterlab==3.*, we can conclude that your requirements, all of:
             jupyter-server<1.4
         , notebook>=7.0.0a1 are incompatible.
         And because you require jupyter-server>=2.dev0 and notebook>=7.dev0, we can conclude that your requirements are unsatisfiable.`,
    ["jupyterlab==3.*", "jupyter-server==2.*", "notebook==7.*", "polars"],
    "clash",
    ["jupyterlab==3.*", "jupyter-server==2.*", "notebook==7.*"],
    "jupyterlab==3.*, jupyter-server==2.* and notebook==7.* cannot be had together: notebook needs jupyterlab>=4.6.6,<4.7; change the version of one of them",
  ],
];

test.each(SAID)("%s", (_, said, wanted, kind, requirements, message) => {
  expect(readUnresolved(said, wanted)).toEqual({ kind, requirements, message });
});

test("what it does not understand is told in a sentence all the same", () => {
  expect(readUnresolved("something else", ["a", "b"])).toMatchObject({ kind: "unclear", requirements: [] });
});

test("a version that was withdrawn is no reason where packages disagree", () => {
  const said = `Because left==1.1 was yanked and left==1.0 depends on right<2, we can conclude that left==1.0 depends on right<2.
    And because left==1.0 depends on right>=2 and you require left, we can conclude that your requirements are unsatisfiable.`;
  expect(readUnresolved(said, ["left"])).toMatchObject({ kind: "clash", requirements: ["left"] });
});

test("it reads a stranger's endless words, and ends", () => {
  const endless = ["a".repeat(2_000_000), "a depends on ".repeat(200_000), "you require a ".repeat(200_000), `a${"<1,".repeat(500_000)}`];
  expect(endless.map((said) => readUnresolved(said, ["a", "b"]).kind)).toEqual(["unclear", "unclear", "clash", "unclear"]);
});

import { expect, test } from "vitest";
import { read, refused } from "../test-import.ts";

test("requirements.txt: includes, limits, comments, markers, extras, digests; what comes from elsewhere is refused by name", () => {
  const files = {
    "requirements.txt": `# course
-r more/base.txt
-c limits.txt
pandas >= 2.0, < 3   # tables
uvicorn[standard]==0.30.1 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
pywin32==306; sys_platform == "win32"
tomli; python_version < "3.11" or (platform_system == "Linux" and python_version >= "3.8")
jupyterlab
-e .
git+https://example.org/x.git
thing @ https://example.org/thing.whl
./local.whl
--extra-index-url https://example.org/simple
requests[\${EXTRA}]
not a requirement
-r requirements.txt
`,
    "more/base.txt": "numpy\r\n-r ../requirements.txt\r\n",
    "limits.txt": "numpy<2\nscipy==1.11.*\n",
  };
  const { definition, rows } = read(files);
  expect(definition?.required_applications).toEqual(
    ["pip:pandas<3,>=2.0", "pip:uvicorn[standard]==0.30.1", "pip:tomli", "jupyterlab", "pip:numpy<2"].sort(
      (a, b) => rows.findIndex((row) => row.becomes === a) - rows.findIndex((row) => row.becomes === b),
    ),
  );
  expect(rows.find(({ becomes }) => becomes === "pip:numpy<2")).toMatchObject({
    file: "more/base.txt",
    line: 1,
    outcome: "changed",
    why: "limited by limits.txt",
  });
  expect(rows.find(({ becomes }) => becomes?.startsWith("pip:uvicorn"))).toMatchObject({ line: 5, outcome: "changed" });
  expect(rows.filter(({ why }) => why === "requirements.txt is read already").map(({ text }) => text)).toEqual([
    "-r ../requirements.txt",
    "-r requirements.txt",
  ]);
  const all = refused(rows).join("\n");
  for (const said of [
    'pywin32==306; sys_platform == "win32": nothing to do: its condition does not hold here',
    "-e .: a project of your own",
    "git+https://example.org/x.git: from a repository",
    "thing @ https://example.org/thing.whl: from an address",
    "./local.whl: a file of your own",
    "--extra-index-url https://example.org/simple: only this installation's package index counts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so it stands in the list
    "requests[${EXTRA}]: has a variable",
    "not a requirement: ",
    "scipy==1.11.*: nothing to do: no line asks for the package; or write pip:scipy==1.11.*",
  ])
    expect(all).toContain(said);
});

test.each([
  ["dataclasses==0.8", "changed", "a part of Python itself"],
  ["pkg-resources==0.0.0", "changed", "comes with setuptools"],
  ["pywin32==227", "not_carried", "for Windows or macOS alone: leave it out"],
])("no workspace needs %s", (line, outcome, why) => {
  expect(read({ "requirements.txt": `${line}\n` }).rows).toMatchObject([{ outcome, why }]);
});

test("options behind a requirement are left out, and that is told", () => {
  expect(read({ "requirements.txt": "flash-attn --no-build-isolation\n" }).rows).toMatchObject([
    { outcome: "changed", becomes: "pip:flash-attn", why: "without its options, which the build sets" },
  ]);
});

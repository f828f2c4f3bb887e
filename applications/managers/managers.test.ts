import { PACKAGE_MANAGERS } from "@guise/contract";
import { expect, test } from "vitest";
import { PACKAGE_MANAGER_RULES } from "./index.ts";

const ACCEPTED = [
  ["apt", "jq", "jq"],
  ["apt", "g++", "g++"],
  ["apt", "libstdc++6", "libstdc++6"],
  ["apt", "jq=1.6-2.1+deb12u1", "jq=1.6-2.1+deb12u1"],
  ["apt", "git=1:2.39.5-0+deb12u3", "git=1:2.39.5-0+deb12u3"],
  ["pip", "Polars==1.*", "polars==1.*"],
  ["pip", "zope.interface", "zope-interface"],
  ["pip", "uvicorn[Standard]<1,>=0.30", "uvicorn[standard]<1,>=0.30"],
  ["pip", "ruff~=0.6.1", "ruff~=0.6.1"],
  ["pipx", "httpie==3.*", "httpie==3.*"],
  ["npm", "prettier@3", "prettier@3"],
  ["npm", "@angular/cli@^19.1.0", "@angular/cli@^19.1.0"],
  ["npm", "typescript", "typescript"],
  ["npm", "zod@>=3.20", "zod@>=3.20"],
  ["npm", "lodash@<5", "lodash@<5"],
  ["npm", "glob@<=10.3.0", "glob@<=10.3.0"],
  ["npm", "react@^16.8||17.x||~18.1.0-rc.1", "react@^16.8||17.x||~18.1.0-rc.1"],
] as const;

test("each manager has its cases", () => {
  for (const cases of [ACCEPTED, REFUSED]) expect(new Set(cases.map(([manager]) => manager))).toEqual(new Set(PACKAGE_MANAGERS));
});

test.each(ACCEPTED)("%s takes %s as %s", (manager, text, argument) => {
  expect(PACKAGE_MANAGER_RULES[manager].read(text).package).toMatchObject({ manager, argument });
});

const REFUSED = [
  ["apt", "-o=Dpkg::Options"],
  ["apt", "jq-"],
  ["apt", "jq/bookworm-backports"],
  ["apt", "jq:i386"],
  ["apt", "./local.deb"],
  ["apt", "jq=1.6=2"],
  ["apt", "jq; rm"],
  ["apt", "JQ"],
  ["apt", "~nvim"],
  ["apt", ""],
  ["pip", "--index-url=http://evil.example"],
  ["pip", "https://evil.example/x.whl"],
  ["pip", "git+https://evil.example/x"],
  ["pip", "polars@https://evil.example/x"],
  ["pip", "polars @ file:///x"],
  ["pip", "polars; python_version>'3'"],
  ["pip", "x.tar.gz"],
  ["pip", "polars===1"],
  ["pip", "./polars"],
  ["pip", "polars -r x"],
  ["pip", "polars=1"],
  ["pip", "polars[a b]"],
  ["pip", "polars\n--pre"],
  ["pipx", "git+https://evil.example/x"],
  ["npm", "owner/repository"],
  ["npm", "github:owner/repository"],
  ["npm", "git+ssh://evil.example/x"],
  ["npm", "file:../x"],
  ["npm", "alias@npm:other"],
  ["npm", "prettier@latest"],
  ["npm", "prettier@https://evil.example/x"],
  ["npm", "x.tgz"],
  ["npm", "x.tgz@1"],
  ["npm", "../x"],
  ["npm", "--registry"],
  ["npm", "prettier@>=3 <4"],
  ["npm", "prettier@>=3,<4"],
  ["npm", "prettier@3||"],
  ["npm", "prettier@3|4"],
  ["npm", "prettier@3||latest"],
  ["npm", "prettier@3||npm:other"],
  ["npm", "prettier@3||../x"],
  ["npm", "prettier@3||--registry"],
  ["npm", `prettier@${"3||".repeat(60)}3`],
  ["npm", "Prettier"],
] as const;

test.each(REFUSED)("%s refuses %j", (manager, text) => {
  const reading = PACKAGE_MANAGER_RULES[manager].read(text);
  expect(reading.package).toBeUndefined();
  expect(reading.reason).toBeTypeOf("string");
});

test("what a manager makes canonical, it reads as the same", () => {
  for (const [manager, , argument] of ACCEPTED) expect(PACKAGE_MANAGER_RULES[manager].read(argument).package?.argument).toBe(argument);
});

import { LAYER_MAKERS } from "@guise/contract";
import { describe, expect, test } from "vitest";
import { packageName } from "./index.ts";

describe("names with versions are taken", () => {
  const TAKEN = [
    ["apt", "jq", "jq"],
    ["apt", "g++", "g++"],
    ["apt", "libc6=2.36-9+deb12u14", "libc6"],
    ["pip", "polars==1.*", "polars"],
    ["pip", "Flask[async]>=2,<4", "Flask"],
    ["pipx", "httpie==3.*", "httpie"],
    ["node", "20", "20"],
    ["locale", "sr_RS@latin", "sr_RS@latin"],
    ["display", "display", "display"],
    ["npm", "prettier", "prettier"],
    ["npm", "prettier@^3.1.0", "prettier"],
    ["npm", "@angular/cli@next", "@angular/cli"],
    ["npm", "zod@>=3.20", "zod"],
    ["npm", "@scope/react@^16.8||17.x||<15", "@scope/react"],
  ] as const;
  test("of each manager", () => expect(new Set(TAKEN.map(([manager]) => manager))).toEqual(new Set(LAYER_MAKERS)));
  test.each(TAKEN)("%s %s", (manager, argument, name) => {
    expect(packageName(manager, argument)).toBe(name);
  });
});

describe("whatever leads elsewhere is refused", () => {
  test.each([
    ["node", "16"],
    ["locale", "../../etc"],
    ["display", "xserver-xorg"],
    ["apt", "-oDPkg::Pre-Invoke=id"],
    ["apt", "jq-"],
    ["apt", "jq/sid"],
    ["apt", "jq:i386"],
    ["apt", "./jq.deb"],
    ["apt", "jq curl"],
    ["apt", "jq\ncurl"],
    ["apt", "$(id)"],
    ["pip", "--index-url=http://evil"],
    ["pip", "a @ http://evil/a.whl"],
    ["pip", "git+https://evil/a"],
    ["pip", "./a"],
    ["pip", "a.whl"],
    ["pip", "a; python_version<'3'"],
    ["pip", "-r"],
    ["pipx", "--index-url=http://evil"],
    ["npm", "--registry=http://evil"],
    ["npm", "user/repository"],
    ["npm", "a@npm:evil"],
    ["npm", "a@file:x"],
    ["npm", "a@git+ssh://evil/a"],
    ["npm", "a@../x"],
    ["npm", "a@.."],
    ["npm", "a@>=1 <3"],
    ["npm", "a@1||npm:evil"],
    ["npm", "a@1||../x"],
    ["npm", "a@1||b.tgz"],
    ["npm", "a.tgz"],
    ["npm", "a@b.tgz"],
    ["npm", "."],
    ["npm", "a b"],
    ["npm", ""],
    ["npm", "a".repeat(300)],
  ] as const)("%s %j", (manager, argument) => {
    expect(() => packageName(manager, argument)).toThrow(expect.objectContaining({ code: "refused_by_policy" }));
  });
});

import { expect, test } from "vitest";
import { ProvisioningError } from "#provisioning";
import { InstallFailure, wantsCompiler } from "./install-failure.ts";

const FAILED = new ProvisioningError("image_build_failed", "npm packages could not be installed:\n…", { detail: { exit: 1 } });

function told(...lines: readonly string[]): unknown {
  const failure = new InstallFailure({ maker: "npm", packages: ["desk", "frob"] }, "npm packages");
  for (const line of lines) failure.push(line);
  return failure.told(FAILED);
}

test("what wants to download while it is installed is told by name, with who needs it, and with where it may", () => {
  const at = "/opt/guise/npm/lib/node_modules";
  const asked = "npm error     at Object.onceWrapper RequestError: getaddrinfo EAI_AGAIN files.example";
  expect(told("npm error code 1", `npm error path ${at}/electron`, asked)).toMatchObject({
    message:
      "electron could not be installed: it wants to download something while it is built, and a build has no network; leave electron out, and type npm install electron in the workspace, with network rules that let it",
    detail: { package: "electron" },
  });
  expect(told(`npm error path ${at}/@team/desk/node_modules/menu/node_modules/electron`, asked)).toMatchObject({
    message: expect.stringMatching(
      /^electron, which menu needs, could not be installed: .*; leave @team\/desk out, and type npm install @team\/desk/,
    ),
  });
});

test("what helps is told where it is known, and a compiler that is missing is no last word", () => {
  const missing = told(
    "npm error path /opt/guise/npm/lib/node_modules/frob",
    "npm error gyp ERR! frob.c:1: fatal error: usb.h.h: No such file",
  );
  expect(wantsCompiler(missing)).toBe(true);
  expect(told("npm error path /opt/guise/npm/lib/node_modules/frob", "fatal error: libusb.h: No such file or directory")).toMatchObject({
    message: "frob could not be installed: the header libusb.h is not there; apt:libusb-1.0-0-dev brings it",
  });
});

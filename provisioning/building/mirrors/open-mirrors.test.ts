import { expect, test } from "vitest";
import { openMirrors } from "./open-mirrors.ts";

const NONE = { http: undefined, https: undefined };

test("opens the port of each mirror's scheme, once", async () => {
  const { allow, hosts } = await openMirrors(
    ["http://192.0.2.7/debian", "http://192.0.2.7/security", "https://192.0.2.7:8443/simple", "https://192.0.2.8/"],
    NONE,
  );
  expect(allow).toEqual([
    { cidr: "192.0.2.7/32", protocol: "tcp", port: 80 },
    { cidr: "192.0.2.7/32", protocol: "tcp", port: 8443 },
    { cidr: "192.0.2.8/32", protocol: "tcp", port: 443 },
  ]);
  expect(hosts).toEqual([]);
});

test("names get entries in the hosts file", async () => {
  expect((await openMirrors(["http://localhost/debian"], NONE)).hosts).toEqual(["localhost:127.0.0.1"]);
});

test("behind a proxy only the proxy is opened", async () => {
  const { allow } = await openMirrors(["http://192.0.2.7/debian", "https://192.0.2.8/"], {
    http: undefined,
    https: "http://192.0.2.9:3128",
  });
  expect(allow.map(({ cidr, port }) => `${cidr} ${port}`)).toEqual(["192.0.2.7/32 80", "192.0.2.9/32 3128"]);
});

test("a mirror without an address is named", async () => {
  await expect(openMirrors(["http://mirror.invalid/"], NONE)).rejects.toMatchObject({
    code: "mirror_unreachable",
    message: expect.stringContaining("mirror.invalid"),
  });
});

import { expect, test } from "vitest";
import { containerdArguments, dockerdArguments } from "./engine-arguments.ts";
import { engineLayout } from "./engine-layout.ts";

test("names fit where they must, however long the installation's id is", () => {
  const layout = engineLayout("/var/lib/guise", `i-${"x".repeat(60)}`);
  expect(layout.bridge.length).toBeLessThanOrEqual(15);
  expect(layout.remapUser.length).toBeLessThanOrEqual(32);
  expect(layout.table).toMatch(/^[a-z0-9_]+$/);
});

test("two installations share no name and no path", () => {
  const all = (home: string, installation: string) =>
    JSON.stringify(Object.values(engineLayout(home, installation)))
      .split('"')
      .filter((text) => text.startsWith("/home") || text.includes("guise"));
  const second = new Set(all("/home/b", "b"));
  expect(all("/home/a", "a").filter((name) => second.has(name))).toEqual([]);
});

test("refuses a folder too long for a socket", () => {
  expect(() => engineLayout(`/${"x".repeat(90)}`, "a")).toThrow(expect.objectContaining({ code: "path_too_long" }));
});

test("the engine keeps off everything of another one", () => {
  const layout = engineLayout("/var/lib/guise", "a");
  const args = dockerdArguments(layout, "10.231.0.0/22", 1450);
  for (const own of ["--config-file", "--data-root", "--exec-root", "--pidfile", "--containerd"]) {
    expect(args[args.indexOf(own) + 1]).toMatch(/^\/var\/lib\/guise\/engine\//);
  }
  expect(args).toEqual(
    expect.arrayContaining(["--iptables=false", "--ip6tables=false", "--live-restore", "--userns-remap", "--mtu", "1450"]),
  );
  expect(args[args.indexOf("--group") + 1]).toBe("root");
  expect(containerdArguments(layout)).toEqual(["-c", layout.containerd.configuration]);
});

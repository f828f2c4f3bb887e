import { expect, test } from "vitest";
import { userMapOf } from "./user-map.ts";

const remapped = { SecurityOptions: ["name=seccomp,profile=default", "name=userns"], DockerRootDir: "/var/lib/docker/165536.165536" };
const range = (first: number, length = 65_536) => [{ user: "dockremap", first, length }];
const unsuited = expect.objectContaining({ code: "foreign_unsuited", message: expect.stringContaining("GUISE_ENGINE=own") });

test("without user namespaces the ids are the machine's own", () => {
  expect(userMapOf({ SecurityOptions: ["name=seccomp"], DockerRootDir: "/var/lib/docker" }, [], [])).toMatchObject({ base: 0 });
  expect(userMapOf({ SecurityOptions: null, DockerRootDir: "/srv/1.1" }, [], [])).toMatchObject({ base: 0 });
});

test("with them they begin where the engine's folder says, and go as far as both lists do", () => {
  expect(userMapOf(remapped, range(165_536), range(165_536, 1_000))).toEqual({ base: 165_536, length: 1_000 });
});

test.each([
  ["groups elsewhere", { ...remapped, DockerRootDir: "/var/lib/docker/165536.200000" }, range(165_536), range(200_000)],
  ["a folder that says nothing", { ...remapped, DockerRootDir: "/srv/docker" }, range(165_536), range(165_536)],
  ["no line for it", remapped, range(300_000), range(165_536)],
])("refused with what to do: %s", (_, identity, uids, gids) => {
  expect(() => userMapOf(identity, uids, gids)).toThrow(unsuited);
});

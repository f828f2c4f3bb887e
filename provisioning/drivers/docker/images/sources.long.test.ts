import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageLayer, quietBuild } from "#provisioning";
import { type ImageWorld, openImageWorld } from "./image-world.fixture.ts";

/** Real packages that are there as source only, built on a real engine; each takes half a minute to three. */

let world: ImageWorld;
beforeAll(async () => {
  world = await openImageWorld("long-sources");
});
afterAll(() => world?.close());

const plan = (packages: string) => {
  const layers = packages.split(" ").map((text): ImageLayer => {
    const [manager = "", name = ""] = text.split(":");
    return { application: text, manager: manager as ImageLayer["manager"], packages: [name] };
  });
  return { layers, packageEpoch: "1" };
};

test.each([
  ["pip:pyspark==3.5.*", "python3 -c 'import pyspark; print(pyspark.__version__)'", /^3\.5\./],
  ["pip:psycopg2 apt:libpq-dev", "python3 -c 'import psycopg2; print(psycopg2.apilevel)'", /^2\.0$/],
  ["pip:annoy", "python3 -c 'import annoy; print(annoy.AnnoyIndex(2, \"angular\").f)'", /^2$/],
  ["pip:pycrypto", "python3 -c 'import Crypto; print(Crypto.__version__)'", /^2\./],
  ["pip:pycairo apt:libcairo2-dev", "python3 -c 'import cairo; print(cairo.version)'", /^1\./],
  ["pip:mysqlclient apt:default-libmysqlclient-dev", "python3 -c 'import MySQLdb; print(MySQLdb.apilevel)'", /^2\.0$/],
  [
    "npm:bcrypt npm:sqlite3",
    'node -e \'console.log(typeof require("bcrypt").hash, typeof require("sqlite3").Database)\'',
    /^function function$/,
  ],
  ["pip:opencv-python apt:libgl1 apt:libglib2.0-0", "python3 -c 'import cv2; print(cv2.__version__)'", /^\d+\./],
  [
    "apt:chromium npm:puppeteer",
    `node -e 'require("puppeteer").launch({ args: ["--no-sandbox"] }).then(async (it) => { console.log(await it.version()); await it.close(); })'`,
    /^(?:Headless)?Chrom\w*\/\d+/,
  ],
  ["pip:uwsgi apt:libpython3.11", "uwsgi --version", /^2\./],
  // A program that stands alone, of which there is no wheel.
  ["pipx:mdv", "echo '# Hi' > /tmp/a.md; mdv /tmp/a.md 2>/dev/null | grep -c Hi", /^1$/],
])("%s works", async (packages, script, says) => {
  const { reference } = await world.store.ensureImage(plan(packages), quietBuild);
  expect((await world.saidIn(reference, script)).join("\n")).toMatch(says);
});

test.each([
  [
    "pip:mysqlclient",
    /^mysqlclient \S+ could not be built from its source: .*apt:default-libmysqlclient-dev brings it, and pip:pymysql may/,
  ],
  ["pip:pycairo", /^pycairo \S+ could not be built from its source: the library cairo is not there; apt:libcairo2-dev brings it$/],
  ["pip:dbus-python", /^dbus-python \S+ .*: the library dbus-1 is not there; apt:libdbus-1-dev brings it$/],
  ["pip:python-ldap", /^python-ldap \S+ .*: the header lber.h is not there; apt:libldap-dev brings it$/],
  ["pip:opencv-python", /^cv2 cannot start: .*libxcb.so.1.* are not there; apt:\S+.* and apt:\S+ bring them$/],
  ["npm:puppeteer", /^puppeteer asked for \S+: no build reaches that, .*"apt:chromium" beside it brings a browser; .*"npm:puppeteer"\]$/],
  ["pip:uwsgi", /^uwsgi cannot start: libpython3.11.so.1.0 is not there; apt:libpython3.11 brings it$/],
  ["pip:sklearn", /^sklearn \S+ .*: it is a name that was given up for scikit-learn; pip:scikit-learn may be taken instead$/],
  ["pip:demjson", /^demjson \S+ .*: it is written for Python 2; another version/],
])("%s cannot be built, and it is said why", async (packages, message) => {
  await expect(world.store.ensureImage(plan(packages), quietBuild)).rejects.toThrow(message);
  expect(await world.containers()).toEqual([]);
});

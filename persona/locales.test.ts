import { expect, test } from "vitest";
import { langOf, localeNamed, localeOfTag, nearestLocale } from "./locales.ts";

test.each([
  ["de_DE", "de_DE"],
  ["de-de", "de_DE"],
  ["DE_de.UTF-8", "de_DE"],
  ["en_US.utf8", "en_US"],
  ["sr_RS@latin", "sr_RS@latin"],
  ["eo", "eo"],
  ["de", undefined],
  ["de_DE.ISO-8859-1", undefined],
  ["xx_XX", undefined],
  ["", undefined],
  ["../../etc", undefined],
])("%s is the locale %s", (written, name) => expect(localeNamed(written)).toBe(name));

test.each([
  ["de", "de_DE"],
  ["de-AT", "de_AT"],
  ["en", "en_US"],
  ["en-DE", "en_US"],
  ["pt", "pt_BR"],
  ["pt-PT", "pt_PT"],
  ["zh-Hans", "zh_CN"],
  ["zh-Hant", "zh_TW"],
  ["sr-Latn-RS", "sr_RS"],
  ["x-klingon", undefined],
  ["", undefined],
])("a browser's %s is the locale %s", (tag, name) => expect(localeOfTag(tag)).toBe(name));

test("the nearest is told, and a modifier stands behind the character set", () => {
  expect(["en_UK", "de_DF", "german", "fr", "jp_JP"].map(nearestLocale)).toEqual(["en_GB", "de_DE", undefined, "fr_FR", "ja_JP"]);
  expect(langOf("de_DE")).toBe("de_DE.UTF-8");
  expect(langOf("sr_RS@latin")).toBe("sr_RS.UTF-8@latin");
});

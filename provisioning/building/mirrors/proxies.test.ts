import { expect, test } from "vitest";
import { proxied } from "./proxies.ts";

const PROXY = "http://proxy.example:3128/";
const goesTo = (url: string, none?: string) => proxied(new URL(url), { http: undefined, https: PROXY, none }).href;

test.each([
  ["https://pypi.example.com/simple", undefined, PROXY],
  ["https://pypi.example.com/simple", "pypi.example.com", "https://pypi.example.com/simple"],
  ["https://pypi.example.com/simple", "localhost, .example.com", "https://pypi.example.com/simple"],
  ["https://pypi.example.com/simple", "example.com", "https://pypi.example.com/simple"],
  ["https://pypi.example.com/simple", "*", "https://pypi.example.com/simple"],
  ["https://192.0.2.7/simple", "192.0.2.7", "https://192.0.2.7/simple"],
  ["https://notexample.com/", "example.com,,", PROXY],
  ["http://pypi.example.com/", undefined, "http://pypi.example.com/"],
])("%s without a proxy for %s: %s", (url, none, expected) => {
  expect(goesTo(url, none)).toBe(expected);
});

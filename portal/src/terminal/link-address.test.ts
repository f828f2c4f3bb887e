import { expect, test } from "vitest";
import { linkAddress } from "./link-address.ts";

test.each([
  ["https://example.org/a?b#c", "https://example.org/a?b#c"],
  ["http://127.0.0.1:8000", "http://127.0.0.1:8000/"],
  // As it is, and not as it looks.
  ["https://bücher.example", "https://xn--bcher-kva.example/"],
  ["javascript:alert(1)", undefined],
  ["file:///etc/passwd", undefined],
  ["data:text/html,x", undefined],
  ["vscode://file/x", undefined],
  ["/relative", undefined],
  ["", undefined],
])("%o leads to %o", (written, address) => expect(linkAddress(written)).toBe(address));

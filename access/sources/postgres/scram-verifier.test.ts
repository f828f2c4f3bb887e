import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { scramVerifier } from "./scram-verifier.ts";

test("it fits to the conversation that RFC 7677 gives as its example", async () => {
  const salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
  const nonce = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const said = `n=user,r=rOprNGfwEbeRWgbNEkqO,${nonce},s=${salt},i=4096,c=biws,${nonce}`;
  const verifier = await scramVerifier("pencil", Buffer.from(salt, "base64"));
  const [, stored = "", server = ""] = /^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$([^:]+):(.+)$/.exec(verifier) ?? [];
  const signed = (key: string) => createHmac("sha256", Buffer.from(key, "base64")).update(said).digest();
  expect(signed(server).toString("base64")).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
  const clientKey = proof.map((byte, at) => byte ^ (signed(stored)[at] ?? 0));
  expect(createHash("sha256").update(clientKey).digest("base64")).toBe(stored);
});

test("two of one password differ", async () => {
  expect(await scramVerifier("pencil")).not.toBe(await scramVerifier("pencil"));
});

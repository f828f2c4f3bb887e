import { networkInterfaces } from "node:os";

/** Every address that this machine has at this moment, loopback apart (that is each namespace's own). */
export function hostAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address.replace(/%.*$/, ""));
}

import { networkInterfaces } from "node:os";
import type { DataSourceKeeper } from "#broker";
import { codeOf, messageOf } from "#foundation";
import type { Ground } from "./ground.ts";
import type { Workings } from "./workings.ts";

/** The data sources, as the broker asks about them. */
export function dataSourceKeeper(
  { sources, repository }: Pick<Ground, "sources" | "repository">,
  { dataAccess, accessKeeper }: Pick<Workings, "dataAccess" | "accessKeeper">,
): DataSourceKeeper {
  return {
    shipped: sources.shipped,
    async test(source) {
      try {
        const { address, report } = await dataAccess.test(source);
        const { facts, faults, notes } = report;
        const found = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
        return { facts: Object.fromEntries(found), faults: isOurs(address) ? [...faults, onThisMachine(address)] : faults, notes };
      } catch (error) {
        const fault = { code: codeOf(error) ?? "failed", message: messageOf(error), remedy: "see that this machine reaches it" };
        return { facts: {}, faults: [fault], notes: [] };
      }
    },
    async changed() {
      await sources.refresh(repository);
      accessKeeper.wake();
    },
  };
}

function isOurs(address: string): boolean {
  return Object.values(networkInterfaces()).some((ones) => ones?.some((one) => one.address === address) === true);
}

function onThisMachine(address: string) {
  return {
    code: "unreachable",
    message: `${address} is this machine itself, which no workspace reaches`,
    remedy: "let the database run on another machine, or in a container or virtual machine with an address of its own",
  };
}

import { fault } from "#applications";
import { type Check, items } from "./checking.ts";

/** One name for each port. That of a web application is opened by its own. */
export const checkPorts: Check = ({ ports, applications = {} }) => {
  const taken = new Map<number, string>(
    Object.entries(applications).flatMap(([id, own]) => (own?.port === undefined ? [] : [[own.port, id]])),
  );
  return items(ports).flatMap(([index, { port }]) => {
    if (port === undefined) return [];
    const other = taken.get(port);
    taken.set(port, `ports[${index}]`);
    return other === undefined ? [] : [fault(["ports", index, "port"], "wrong_value", `${other} has ${port} already`)];
  });
};

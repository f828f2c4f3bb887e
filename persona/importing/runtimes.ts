import type { ImportDesk, Place } from "./import-desk.ts";

/**
 * The Python of the base that workspaces have, Debian 12: `python3` of its packages, in which `pip:` packages are installed. Conditions of all
 * lists are judged by it; once a persona chooses its base, by that one's.
 */
export const PYTHON = "3.11";
/** The major of the Node that comes with `npm:` packages (provisioning/building/managers/node.ts). */
export const NODE = 24;

/** Which Python a list wants: is it the one that is there? `isIt`: undefined where its condition is not understood. */
export function readPython(desk: ImportDesk, place: Place, isIt: boolean | undefined): void {
  if (isIt === true) desk.has(place, `Python ${PYTHON} is there`);
  else desk.refuse(place, `Python is ${PYTHON} here; try whether that will do`);
}

/** "18", "^20.9 || >=22", ">=18 <21", "==18.*" */
export function readNode(desk: ImportDesk, place: Place, range: string): void {
  const fits = range.split("||").some((part) => {
    const [from = 0, to = Number.POSITIVE_INFINITY] = [/>=?\s?(\d{1,3})/, /<=?\s?(\d{1,3})/]
      .map((side) => side.exec(part)?.[1])
      .map((text) => (text === undefined ? undefined : Number(text)));
    const [, exact] = /^\s?[\^~=v]{0,2}(\d{1,3})/.exec(part) ?? [];
    return exact === undefined ? NODE >= from && NODE < to : Number(exact) === NODE;
  });
  if (fits) desk.has(place, `Node ${NODE} comes with npm: packages`);
  else desk.refuse(place, `Node is ${NODE} here; try whether that will do`);
}

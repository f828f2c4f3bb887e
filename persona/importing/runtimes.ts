import { NODE_MAJORS } from "@guise/contract";
import type { ImportDesk, Place } from "./import-desk.ts";

/**
 * The Python of the base that workspaces have, Debian 12: `python3` of its packages, in which `pip:` packages are installed. Conditions of all
 * lists are judged by it; once a persona chooses its base, by that one's.
 */
export const PYTHON = "3.11";
/** Which Python a list wants: is it the one that is there? `isIt`: undefined where its condition is not understood. */
export function readPython(desk: ImportDesk, place: Place, isIt: boolean | undefined): void {
  if (isIt === true) desk.has(place, `Python ${PYTHON} is there`);
  else desk.refuse(place, `Python is ${PYTHON} here; try whether that will do`);
}

/**
 * The newest Node that a list's range takes: "18", "^20.9 || >=22", ">=18 <21", "==18.*"; any for "". Lists often name a patch, and want its
 * major: the last release of that is there.
 */
export function readNode(desk: ImportDesk, place: Place, range: string): void {
  const major = NODE_MAJORS.findLast((one) => takes(range, Number(one)));
  if (major === undefined)
    return void desk.refuse(
      place,
      `there are Node ${NODE_MAJORS.join(", ")} here: write one of them under runtimes, and try whether it will do`,
    );
  desk.node(place, major);
}

function takes(range: string, major: number): boolean {
  return range.split("||").some((part) => {
    const [from = 0, to = Number.POSITIVE_INFINITY] = [/>=?\s?(\d{1,3})/, /<=?\s?(\d{1,3})/]
      .map((side) => side.exec(part)?.[1])
      .map((text) => (text === undefined ? undefined : Number(text)));
    const last = /<=/.test(part) || /<\s?\d{1,3}\.\d{0,3}[1-9]/.test(part) ? to : to - 1;
    const [, exact] = /^\s?[\^~=v]{0,2}(\d{1,3})/.exec(part) ?? [];
    return exact === undefined ? major >= from && major <= last : Number(exact) === major;
  });
}

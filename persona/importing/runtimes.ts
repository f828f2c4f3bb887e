import { BASES, NODE_MAJORS, pythonsText } from "@guise/contract";
import type { ImportDesk, Place } from "./import-desk.ts";

/** Which Python a list wants; the first that wants another one than is there without a choice chooses the base, for all of them. */
export function readPython(desk: ImportDesk, place: Place, takes: (python: string) => boolean): void {
  const { here, base, standard } = desk.bases;
  const fitting = here.filter((one) => takes(BASES[one].python));
  const [first] = fitting;
  if (fitting.includes(base) && (base === standard || fitting.includes(standard))) desk.has(place, `Python ${BASES[base].python} is there`);
  else if (fitting.includes(base)) desk.base(place, base);
  else if (first === undefined) desk.refuse(place, `there is ${pythonsText(here)} here; try whether one of them will do`);
  else if (base === standard) desk.base(place, first);
  else desk.refuse(place, `Python is ${BASES[base].python}, for another line wants it: keep one of them`);
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

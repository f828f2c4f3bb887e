import { idOf, LAUNCHES } from "./launch.ts";

/** The unix socket inside over which the display of a launched desktop application speaks RFB. */
export function screenSocket(launchId: string): string {
  return `${LAUNCHES}/${idOf(launchId)}/rfb`;
}

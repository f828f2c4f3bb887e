import { apt } from "./apt.ts";
import type { LayerManager } from "./layer-manager.ts";

/**
 * What desktop applications are shown by: an X server that speaks RFB, a window manager, a bus of their own; and what they take for granted of
 * a screen, pictures and letters. The last font has those of East Asia in 4 MB, where others take 90.
 */
const PACKAGES = [
  "tigervnc-standalone-server",
  "matchbox-window-manager",
  "dbus-daemon",
  "xauth",
  "x11-xkb-utils",
  "xkb-data",
  "xdg-utils",
  "adwaita-icon-theme",
  "hicolor-icon-theme",
  "fontconfig",
  "fonts-dejavu-core",
  "fonts-liberation",
  "fonts-noto-color-emoji",
  "fonts-droid-fallback",
];

/** Its only package: there are no others to choose. */
export const DISPLAY = "display";

const NAMED = `packages=(${PACKAGES.join(" ")})`;

/** Without these two nothing is shown; an author may have asked for one of them. */
export const SHOWN_BY: readonly string[] = PACKAGES.slice(0, 2);

/** One layer that images with desktop applications share. */
export const display: LayerManager = {
  ...apt,
  fetch: `${NAMED}\n${apt.fetch}`,
  install: `${NAMED}\n${apt.install}`,
  list: "",
  check: "",
  packageName: (argument) => (argument === DISPLAY ? argument : undefined),
};

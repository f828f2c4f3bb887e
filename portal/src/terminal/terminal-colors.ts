import type { ISearchOptions } from "@xterm/addon-search";
import type { ITheme } from "@xterm/xterm";

/** Sixteen colors that can be read on their ground (WCAG AA for text), in both schemes. */
export const LIGHT: ITheme = {
  background: "#ffffff",
  foreground: "#212529",
  cursor: "#212529",
  cursorAccent: "#ffffff",
  selectionBackground: "#bac8ff",
  black: "#212529",
  red: "#c92a2a",
  green: "#2b7a3d",
  yellow: "#8a5a00",
  blue: "#1c56c4",
  magenta: "#9c36b5",
  cyan: "#0b7285",
  white: "#495057",
  brightBlack: "#5c636a",
  brightRed: "#c92a2a",
  brightGreen: "#2b7a3d",
  brightYellow: "#8a5a00",
  brightBlue: "#1c56c4",
  brightMagenta: "#9c36b5",
  brightCyan: "#0b7285",
  brightWhite: "#212529",
};

export const DARK: ITheme = {
  background: "#16181b",
  foreground: "#e9ecef",
  cursor: "#e9ecef",
  cursorAccent: "#16181b",
  selectionBackground: "#364fc7",
  black: "#16181b",
  red: "#ff8787",
  green: "#69db7c",
  yellow: "#ffd43b",
  blue: "#74a5ff",
  magenta: "#da77f2",
  cyan: "#3bc9db",
  white: "#dee2e6",
  brightBlack: "#868e96",
  brightRed: "#ffa8a8",
  brightGreen: "#8ce99a",
  brightYellow: "#ffe066",
  brightBlue: "#91a7ff",
  brightMagenta: "#e599f7",
  brightCyan: "#66d9e8",
  brightWhite: "#ffffff",
};

/** Behind what a search found, and around the one that is looked at. */
export const FOUND: Readonly<Record<"light" | "dark", NonNullable<ISearchOptions["decorations"]>>> = {
  light: {
    matchBackground: "#fff3bf",
    matchOverviewRuler: "#fff3bf",
    activeMatchBackground: "#ffd8a8",
    activeMatchBorder: "#d9480f",
    activeMatchColorOverviewRuler: "#d9480f",
  },
  dark: {
    matchBackground: "#4a3d00",
    matchOverviewRuler: "#4a3d00",
    activeMatchBackground: "#7a3e00",
    activeMatchBorder: "#ffc078",
    activeMatchColorOverviewRuler: "#ffc078",
  },
};

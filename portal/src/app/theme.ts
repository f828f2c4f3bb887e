import { type CSSVariablesResolver, createTheme } from "@mantine/core";

/** One accent color; everything else is grey or says a status. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 8 },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    Alert: { styles: { title: { color: "var(--mantine-color-text)" } } },
    // A finger hits 24 pixels (WCAG 2.5.8); the library's smallest are less.
    Button: { defaultProps: { size: "sm" }, styles: { root: { minHeight: 24 } } },
    ActionIcon: { styles: { root: { minWidth: 24, minHeight: 24 } } },
    CloseButton: { styles: { root: { minWidth: 24, minHeight: 24 } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: false } } },
    ModalRoot: { defaultProps: { transitionProps: { duration: 100 } } },
    // On the library's own grey a link is too pale (4.47 to 1).
    Table: { defaultProps: { highlightOnHoverColor: "light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-6))" } },
    Menu: { defaultProps: { transitionProps: { duration: 100 } } },
  },
});

/** The library's dimmed text is too pale to be read by everybody (WCAG AA asks for 4.5 to 1), and that of a light button while it is pointed at (4.1). */
export const colors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#495057",
    "--mantine-color-placeholder": "#5c636a",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-indigo-light-color": "#2c41a8",
  },
  dark: { "--mantine-color-dimmed": "#b3b8be", "--mantine-color-placeholder": "#a0a6ad", "--mantine-color-error": "#ff8787" },
});

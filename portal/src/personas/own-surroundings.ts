/** Language and time zone that this browser is set to: what programs in a workspace are to take for the person's. */
export function ownSurroundings(): { readonly locale: string; readonly timeZone: string } {
  return { locale: navigator.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

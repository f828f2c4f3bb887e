const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** "14:05:10". `time` in ms since the epoch. */
export function clockText(time: number): string {
  return clock.format(time);
}

import { type Fault, fault, quoted } from "#applications";
import type { Check } from "./checking.ts";
import { localeNamed, nearestLocale } from "./locales.ts";
import { nearestTimeZone, timeZoneNamed } from "./time-zones.ts";

/** Language and time of day: what programs inside take for the person's. */
export const checkSurroundings: Check = ({ locale, time_zone: zone }) => [
  ...(locale === undefined || localeNamed(locale) !== undefined ? [] : [unknownLocale(locale)]),
  ...(zone === undefined || timeZoneNamed(zone) !== undefined ? [] : [unknownZone(zone)]),
];

function unknownLocale(locale: string): Fault {
  return fault(
    ["locale"],
    "unknown_name",
    `${quoted(locale)} is no locale that there is; they are written so: "de_DE"`,
    nearestLocale(locale),
  );
}

function unknownZone(zone: string): Fault {
  const message = `${quoted(zone)} is no time zone of the IANA database; they are written so: "Europe/Berlin"`;
  return fault(["time_zone"], "unknown_name", message, nearestTimeZone(zone));
}

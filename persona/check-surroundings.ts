import { type Bases, pythonsText } from "@guise/contract";
import { type Fault, fault, quoted } from "#applications";
import type { Check } from "./checking.ts";
import { localeNamed, nearestLocale } from "./locales.ts";
import { nearestTimeZone, timeZoneNamed } from "./time-zones.ts";

/** What the image stands on; language and time of day: what programs inside take for the person's. */
export const checkSurroundings: Check = ({ base, locale, time_zone: zone }, { installation }) => [
  ...(base === undefined || installation.bases.here.includes(base) ? [] : [absentBase(base, installation.bases)]),
  ...(locale === undefined || localeNamed(locale) !== undefined ? [] : [unknownLocale(locale)]),
  ...(zone === undefined || timeZoneNamed(zone) !== undefined ? [] : [unknownZone(zone)]),
];

function absentBase(base: string, { here }: Bases): Fault {
  const there = here.length === 0 ? "no base can be chosen here: leave it out" : `here is ${pythonsText(here)}`;
  return fault(["base"], "not_supported_here", `this machine's apt has no source for ${base}; ${there}`, here[0]);
}

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

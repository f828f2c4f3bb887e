import { nearest } from "#foundation";

/** A zone of the IANA database as it is spelt there, or under a name that it had before. */
export function timeZoneNamed(written: string): string | undefined {
  // Offsets ("+02:00") are zones for Intl, and none of the database.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,60}$/.test(written)) return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: written });
    return written;
  } catch {
    return undefined;
  }
}

/** By its name, or by the city alone. */
export function nearestTimeZone(written: string): string | undefined {
  const zones = Intl.supportedValuesOf("timeZone");
  const cities = new Map(zones.map((zone) => [zone.slice(zone.lastIndexOf("/") + 1), zone]));
  const city = nearest(written.slice(written.lastIndexOf("/") + 1).replaceAll(" ", "_"), cities.keys());
  return nearest(written, zones) ?? (city === undefined ? undefined : cities.get(city));
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { nearest } from "./issues";

/** What `runtime/tests/catalogues.py` has written of the tz database. */
interface TimeZones {
  readonly zones: readonly string[];
  /** Today's name of each older one. */
  readonly older: Readonly<Record<string, string>>;
  /** The same of names such as EST and Japan, which are not accepted. */
  readonly withoutArea: Readonly<Record<string, string>>;
}

interface Catalogue extends TimeZones {
  readonly byLowerCase: ReadonlyMap<string, string>;
}

let cached: Catalogue | undefined;

// Read where a spec names a zone other than UTC: most programs have none.
function catalogue(): Catalogue {
  if (cached) return cached;
  const read = JSON.parse(readFileSync(path.join(__dirname, "../../catalogues/time-zones.json"), "utf8")) as TimeZones;
  const today = [...read.zones.map((zone) => [zone, zone] as const), ...Object.entries(read.older)];
  cached = { ...read, byLowerCase: new Map(today.map(([name, zone]) => [name.toLowerCase(), zone])) };
  return cached;
}

/**
 * Today's name of a time zone in the tz database's own spelling, as Go on Linux, which reads files by name, and Python know it: `Europe/Rome`
 * for `europe/rome`, `America/Los_Angeles` for `US/Pacific`, which Debian, and so Argo's image, no longer has without its package of old names.
 * Not Intl's answer: it calls Asia/Kolkata by its old name, and another version of Node may call it otherwise.
 *
 * @returns undefined for what is no name of a zone, and for names without an area but UTC
 */
export function timeZone(name: string): string | undefined {
  return name === "UTC" ? name : catalogue().byLowerCase.get(name.toLowerCase());
}

/** The zone that somebody may have meant; undefined where none is near. */
export function nearestTimeZone(name: string): string | undefined {
  const { zones, older, withoutArea } = catalogue();
  // An abbreviation says little: EST is America/Panama to the tz database, and to most who write it New York's winter.
  if (/^[a-z]{3,4}$/i.test(name) && name === name.toUpperCase()) return undefined;
  const old = Object.keys(withoutArea).find((other) => other.toLowerCase() === name.toLowerCase());
  if (old !== undefined) return withoutArea[old];
  const place = name.trim().toLowerCase().replaceAll(" ", "_");
  const city = (zone: string) => zone.slice(zone.lastIndexOf("/") + 1).toLowerCase();
  const byPlace = zones.find((zone) => city(zone) === place.slice(place.lastIndexOf("/") + 1));
  if (byPlace !== undefined) return byPlace;
  const near = nearest(name, [...zones, ...Object.keys(older)]);
  return near === undefined ? undefined : (older[near] ?? near);
}

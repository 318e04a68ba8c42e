import { ArgumentError, parseDuration } from "@cyclops/core";

/**
 * Seconds of a binding such as `"20s"` or `"1m"`.
 *
 * @param place path of the binding, for the error
 * @throws ArgumentError for what is no duration, or shorter than a second
 */
export function bindingSeconds(place: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds < 1)
    throw new ArgumentError(place, `"${text}" is not a duration of at least a second.`, 'Write e.g. "15s" or "1m".');
  return seconds;
}

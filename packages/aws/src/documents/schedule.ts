/** Range and names of each field of a cron expression. */
const fields = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31 },
  {
    name: "month",
    least: 1,
    most: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  { name: "day of week", least: 0, most: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
] as const;

type Field = (typeof fields)[number];

/**
 * The schedules of EventBridge Scheduler that together run when a cron expression of five fields does; the time zone is a field of its own
 * there. AWS has a sixth field for the year, counts the days of the week from 1 on, and takes only one of the two kinds of day: an expression
 * with both runs on either, as cron does, and is two schedules.
 *
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 *
 * @param cron validated by core
 */
export function scheduleExpressions(cron: string): string[] {
  const [minute = [], hour = [], day = [], month = [], weekday = []] = cron
    .trim()
    .split(/\s+/)
    .map((text, index) => valuesOf(text, fieldAt(index)));
  // Sunday is 0 and 7.
  const weekdays = [...new Set(weekday.map((value) => value % 7))].sort((a, b) => a - b);
  const time = `${rendered(minute, fields[0])} ${rendered(hour, fields[1])}`;
  const months = rendered(month, fields[3]);
  const onDays = `cron(${time} ${rendered(day, fields[2])} ${months} ? *)`;
  const onWeekdays = `cron(${time} ? ${months} ${weekdays.map((value) => fields[4].names[value]).join(",")} *)`;
  if (weekdays.length === 7) return [onDays];
  return day.length === 31 ? [onWeekdays] : [onDays, onWeekdays];
}

function fieldAt(index: number): Field {
  const field = fields[index];
  if (!field) throw new Error("a cron expression has five fields");
  return field;
}

/** The values that a field allows, in order. */
function valuesOf(text: string, field: Field): number[] {
  const values = text.split(",").flatMap((part) => {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to] = range === "*" ? [String(field.least), String(field.most)] : range.split("-");
    const first = numberOf(from, field);
    const last = to === undefined ? first : numberOf(to, field);
    const by = Number(step);
    return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by);
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

function numberOf(text: string, field: Field): number {
  const named = "names" in field ? (field.names as readonly string[]).indexOf(text.toUpperCase()) : -1;
  if (named >= 0) return named + (field.name === "month" ? 1 : 0);
  return Number(text);
}

/** Values as AWS writes them: all of them, a range, or a list. */
function rendered(values: readonly number[], { least, most }: Field): string {
  if (values.length === most - least + 1) return "*";
  const [first = least] = values;
  const step = (values[1] ?? first) - first;
  const even = values.every((value, index) => value === first + index * step);
  if (values.length > 2 && even && step === 1) return `${first}-${first + values.length - 1}`;
  if (values.length > 2 && even && first + values.length * step > most) return `${first}/${step}`;
  return values.join(",");
}
